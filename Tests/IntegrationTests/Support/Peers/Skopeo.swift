import SystemPackage

/// skopeo, which copies images between registries, layouts and folders.
enum Skopeo {
    /// Copies an image without changing a byte of it; both names are skopeo's, such as `docker://127.0.0.1:5000/x:1`.
    static func copy(_ source: String, to destination: String, _ options: String...) async throws {
        var arguments = ["--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false"]
        arguments += options + [source, destination]
        try await Command("skopeo", arguments).output()
    }

    /// The exact bytes of the manifest that `name` stands for.
    static func manifest(of name: String) async throws -> [UInt8] {
        let inspect = Command("skopeo", "--insecure-policy", "inspect", "--tls-verify=false", "--raw", name)
        let result = try await inspect.run()
        guard result.status == .exited(0) else {
            throw CommandError.failed(inspect.description, status: result.status, standardError: result.errorText)
        }
        return result.standardOutput
    }
}
