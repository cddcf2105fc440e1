import SystemPackage

/// A certificate authority of a test's own.
struct TestAuthority: Sendable {
    /// In PEM.
    let certificate: FilePath
    private let key: FilePath
    private let folder: FilePath

    struct Pair: Sendable {
        let certificate: FilePath
        let key: FilePath
    }

    init(on bench: TestBench, named name: String = "authority") async throws {
        folder = try bench.makeFolder(name)
        certificate = folder.appending("ca.crt")
        key = folder.appending("ca.key")
        try await Self.request("-keyout", key.string, "-out", certificate.string, "-subj", "/CN=\(name)").output()
    }

    /// A certificate, and its key: for a server at 127.0.0.1, or for a client.
    func issue(_ name: String) async throws -> Pair {
        let pair = Pair(certificate: folder.appending("\(name).cert"), key: folder.appending("\(name).key"))
        try await Self.request(
            "-keyout",
            pair.key.string,
            "-out",
            pair.certificate.string,
            "-subj",
            "/CN=\(name)",
            "-CA",
            certificate.string,
            "-CAkey",
            key.string,
            "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:localhost",
            "-addext",
            "basicConstraints=critical,CA:FALSE"
        ).output()
        return pair
    }

    private static func request(_ arguments: String...) -> Command {
        let own = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
        return Command("openssl", own + arguments)
    }
}
