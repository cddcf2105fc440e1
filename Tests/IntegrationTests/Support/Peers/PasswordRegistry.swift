import SystemPackage

/// Debian's `docker-registry` with one user, who must give a password with each request.
enum PasswordRegistry {
    static let username = "team"
    static let password = "let me in"
    /// By bcrypt, of ``password``.
    private static let hash = "$2b$04$zwoTZ/I3.DwLQJDulsso6.2PsZ6fCAXRsqBa/nld67cqtmEbNGxCC"

    static func start(on bench: TestBench, settings: String = "", httpSettings: String = "") async throws
        -> RunningRegistry
    {
        let users = bench.folder.appending("htpasswd")
        try write("\(username):\(hash)\n", to: users)
        return try await DockerRegistry.start(
            on: bench,
            settings: "auth: {htpasswd: {realm: r, path: \(users)}}\n\(settings)",
            httpSettings: httpSettings
        )
    }
}
