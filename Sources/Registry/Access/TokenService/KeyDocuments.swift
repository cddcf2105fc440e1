import AsyncHTTPClient
import ConfigurationText
import NIOCore
import NIOSSL
import SystemPackage
import Tokens

/// Brings the public keys of other issuers: from files, and over the network.
package enum KeyDocuments {
    /// How long a fetch may take altogether.
    private static let timeLimit = Duration.seconds(10)

    /// - Throws: what went wrong, in words for a log.
    @Sendable package static func fetch(_ document: KeyDocument) async throws -> [UInt8] {
        switch document {
        case .file(let path):
            return try BoundedFile.read(FilePath(path), limit: KeyDocument.maximumLength)
        case .url(let url, let authorities):
            return try await withinTimeLimit { try await download(url, authorities) }
        }
    }

    /// A client of its own: keys are fetched once an hour, and each issuer may be certified by others.
    private static func download(_ url: String, _ authorities: [String]) async throws -> [UInt8] {
        var configuration = HTTPClient.Configuration()
        // Who is believed for one address isn't for another.
        configuration.redirectConfiguration = .disallow
        configuration.timeout.connect = .seconds(5)
        if !authorities.isEmpty {
            var security = TLSConfiguration.makeClientConfiguration()
            security.additionalTrustRoots = [
                .certificates(try authorities.flatMap { try NIOSSLCertificate.fromPEMFile($0) })
            ]
            configuration.tlsConfiguration = security
        }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let bytes = try await download(url, by: client)
            try await client.shutdown()
            return bytes
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    private static func download(_ url: String, by client: HTTPClient) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "Accept", value: "application/json")
        request.headers.add(name: "User-Agent", value: "berthd")
        let response = try await client.execute(request, timeout: TimeAmount(timeLimit))
        guard response.status == .ok else { throw KeyDocumentFailure.refused(url: url, status: response.status.code) }
        do {
            return Array(try await response.body.collect(upTo: KeyDocument.maximumLength).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw KeyDocumentFailure.tooLong(url: url)
        }
    }

    private static func withinTimeLimit(
        _ body: @escaping @Sendable () async throws -> [UInt8]
    ) async throws -> [UInt8] {
        try await withThrowingTaskGroup(of: [UInt8].self) { group in
            group.addTask { try await body() }
            group.addTask {
                try await Task.sleep(for: timeLimit)
                throw KeyDocumentFailure.tooSlow(limit: timeLimit)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? []
        }
    }
}
