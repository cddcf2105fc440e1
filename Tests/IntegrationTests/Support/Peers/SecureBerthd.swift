import ImageSpec
import SystemPackage

/// Our own server with a listener of TLS.
struct SecureBerthd: Sendable {
    /// 127.0.0.1 and the port that speaks TLS.
    let host: RegistryHost
    let process: RunningCommand
    /// Who vouches for it, in PEM.
    let authority: FilePath

    /// Starts `berthd serve` on a free port with a certificate of `authority`'s.
    static func start(
        on bench: TestBench,
        by authority: TestAuthority,
        folder: FilePath? = nil,
        arguments: [String] = [],
        environment: [String: String] = [:]
    ) async throws -> SecureBerthd {
        let pair = try await authority.issue("berthd")
        let own = ["BERTHD_TLS_CERTIFICATE": pair.certificate.string, "BERTHD_TLS_KEY": pair.key.string]
        return try await start(
            on: bench,
            trusting: authority.certificate,
            folder: folder ?? bench.makeFolder("secure-berthd"),
            arguments: arguments,
            environment: own.merging(environment) { $1 }
        )
    }

    /// Starts it with an authority of its own.
    static func startSelfSigned(on bench: TestBench, folder: FilePath? = nil) async throws -> SecureBerthd {
        let folder = try folder ?? bench.makeFolder("secure-berthd")
        return try await start(
            on: bench,
            trusting: folder.appending("tls/ca.crt"),
            folder: folder,
            arguments: ["--tls", "self-signed"],
            environment: [:]
        )
    }

    private static func start(
        on bench: TestBench,
        trusting authority: FilePath,
        folder: FilePath,
        arguments: [String],
        environment: [String: String]
    ) async throws -> SecureBerthd {
        var command = BuiltProgram.berthd.command(
            ["serve", "--listen", "127.0.0.1:0", "--data", folder.string] + arguments
        )
        command.environment = environment
        let process = try bench.start(command)
        let address = try await process.line(after: "berthd listens on https://")
        return SecureBerthd(host: try RegistryHost(address), process: process, authority: authority)
    }

    /// For what speaks to it without TLS, or needs its log.
    var registry: RunningRegistry { RunningRegistry(host: host, process: process) }

    func name(_ repository: String, tag: String = "latest") -> String { "\(host)/\(repository):\(tag)" }

    /// curl, which trusts the authority; a path stands for one of this server's.
    func curl(_ arguments: String...) -> Command { curl(arguments) }

    func curl(_ arguments: [String]) -> Command {
        let words = arguments.map { $0.hasPrefix("/v2") || $0.hasPrefix("/readyz") ? "https://\(host)\($0)" : $0 }
        return Command("curl", ["--silent", "--show-error", "--cacert", authority.string] + words)
    }

    /// Pushes a blob by curl, which must succeed.
    ///
    /// - Parameter version: which HTTP: `--http1.1` or `--http2`.
    func push(_ bytes: [UInt8], to repository: String, version: String = "--http1.1") async throws -> Digest {
        let digest = Digest.of(bytes)
        let start = curl(version, "--request", "POST", "--dump-header", "-", "/v2/\(repository)/blobs/uploads/")
        let lines = try await start.output().split(whereSeparator: \.isNewline)
        let location = lines.first { $0.lowercased().hasPrefix("location: ") }?.dropFirst("location: ".count) ?? ""
        var put = curl(version, "--upload-file", "-", "--write-out", "%{http_code}", "\(location)?digest=\(digest)")
        put.input = .bytes(bytes)
        let status = try await put.output()
        guard status == "201" else { throw UnexpectedStatus(status: status) }
        return digest
    }

    struct UnexpectedStatus: Error {
        let status: String
    }
}
