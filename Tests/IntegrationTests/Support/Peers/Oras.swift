import SystemPackage

/// The Python package `oras`, from PyPI, in an environment of its own that all tests of a run share.
struct Oras: Sendable {
    private let python: FilePath

    /// nil, said loudly, where it can't be installed.
    static func shared() async -> Oras? { await installing.value }

    private static let installing = Task<Oras?, Never> {
        do {
            let folder = try TemporaryFolder()
            removeAtExit(folder)
            let environment = folder.path.appending("oras").string
            try await Command("python3", "-m", "venv", environment).output()
            var install = Command("\(environment)/bin/pip", "install", "--quiet", "oras")
            install.timeLimit = .seconds(120)
            try await install.output()
            return Oras(python: FilePath(environment).appending("bin/python"))
        } catch {
            print("SKIPPED a test: oras can't be installed from PyPI: \(error)")
            return nil
        }
    }

    /// Runs Python statements in `folder`, which find a client as `client`, and `arguments` in `sys.argv`.
    func run(_ statements: String, _ arguments: String..., in folder: FilePath) async throws {
        let script = """
            import sys
            import oras.client, oras.oci
            client = oras.client.OrasClient(insecure=True)
            \(statements)
            """
        var command = Command(python.string, ["-c", script] + arguments)
        command.workingFolder = folder
        try await command.output()
    }
}
