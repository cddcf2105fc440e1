import ImageSpec
import SystemPackage

/// Our own client, with a root folder and a user's home of its own.
struct Berth: Sendable {
    let root: FilePath
    /// Whose credentials and configuration count: those of no real user.
    let home: FilePath

    init(on bench: TestBench, root name: String = "berth") throws {
        root = try bench.makeFolder(name)
        home = try bench.makeFolder("\(name)-home")
    }

    func callAsFunction(_ arguments: String...) -> Command { self(arguments) }

    func callAsFunction(_ arguments: [String]) -> Command {
        var command = BuiltProgram.berth.command(["--root", root.string] + arguments)
        command.environment = [
            "HOME": home.string, "DOCKER_CONFIG": "", "DOCKER_AUTH_CONFIG": "", "REGISTRY_AUTH_FILE": "",
            "XDG_CONFIG_HOME": "", "XDG_RUNTIME_DIR": "",
        ]
        return command
    }

    /// Where docker, podman and berth keep this user's credentials.
    var credentialFile: FilePath { home.appending(".docker/config.json") }

    /// `berth login`, the password on its standard input.
    func login(_ registry: String, as username: String, _ password: String) -> Command {
        var command = self("login", "--username", username, "--password-stdin", registry)
        command.input = .bytes(Array("\(password)\n".utf8))
        return command
    }

    /// Where this user's configuration is.
    var configurationFile: FilePath { home.appending(".config/berth/berth.yaml") }

    func configure(_ yaml: String) throws {
        try makeFolder(configurationFile.removingLastComponent())
        try write(yaml, to: configurationFile)
    }

    /// Puts the busybox image into the store, as if it had been pulled.
    ///
    /// - Returns: `name`.
    @discardableResult
    func importBusybox(as name: String) async throws -> String {
        let image = try await BusyboxImage.shared()
        let reference = try ImageReference(name)
        try await Skopeo.copy(image.ociName, to: "oci:\(root.appending("images")):\(reference)", "--preserve-digests")
        return name
    }
}
