import ArgumentParser
import Sandbox

/// Which program makes and starts a container.
struct RuntimeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Run it by an OCI runtime, such as runc or crun, or by 'berth' itself.",
            valueName: "name|path"
        )
    )
    var runtime: String?
}

extension RuntimeOptions {
    /// The runtime; nil for berth's own sandbox.
    ///
    /// - Parameter standard: what the configuration says.
    /// - Throws: ``SandboxError/noRuntime(_:)``.
    func program(standard: String?) throws -> RuntimeProgram? {
        guard let name = runtime ?? standard, name != RuntimeProgram.ownName else { return nil }
        return try RuntimeProgram(name, searchPath: Environment.variables["PATH"] ?? "")
    }
}
