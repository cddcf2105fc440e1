import AsyncHTTPClient
import Foundation
import ImageSpec
import NIOCore
import NIOHTTP1

/// What a registry answered, every header and byte of it.
struct Reply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The codes in the protocol's JSON for errors; empty when the body isn't that.
    var errorCodes: [String] { errors.map(\.code) }

    var errors: [RegistryReplyError] {
        (try? JSONDecoder().decode(RegistryReplyErrors.self, from: Data(body)))?.errors ?? []
    }
}

struct RegistryReplyErrors: Decodable {
    let errors: [RegistryReplyError]
}

struct RegistryReplyError: Decodable {
    let code: String
    let message: String
    let detail: [String]?
}

extension RunningRegistry {
    /// Sends one request and receives all of its answer.
    func call(
        _ method: HTTPMethod,
        _ path: String,
        headers: HTTPHeaders = [:],
        body: [UInt8]? = nil
    ) async throws -> Reply {
        var request = HTTPClientRequest(url: path.hasPrefix("http") ? path : url + path)
        request.method = method
        request.headers = headers
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(60))
        let buffer = try await response.body.collect(upTo: 256 << 20)
        return Reply(
            status: Int(response.status.code),
            headers: response.headers,
            body: Array(buffer.readableBytesView)
        )
    }

    /// Opens an upload session and gives its address.
    func startUpload(in repository: String) async throws -> String {
        let reply = try await call(.POST, "/v2/\(repository)/blobs/uploads/")
        guard reply.status == 202, let location = reply.headers["location"].first else {
            throw UnexpectedReply(reply: reply)
        }
        return location
    }

    /// Pushes a blob, which must succeed.
    @discardableResult
    func push(_ bytes: [UInt8], to repository: String) async throws -> Digest {
        let digest = Digest.of(bytes)
        let location = try await startUpload(in: repository)
        let reply = try await call(.PUT, "\(location)?digest=\(digest)", body: bytes)
        guard reply.status == 201 else { throw UnexpectedReply(reply: reply) }
        return digest
    }

    /// Pushes an image of `layers` with an empty config, which must succeed.
    ///
    /// - Returns: the manifest's bytes.
    @discardableResult
    func push(layers: [[UInt8]], to repository: String, tag: String) async throws -> Manifest {
        let config = Array("{}".utf8)
        try await push(config, to: repository)
        for layer in layers { try await push(layer, to: repository) }
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, content: config),
                layers: layers.map { Descriptor(mediaType: .ociLayer, content: $0) }
            )
        )
        let reply = try await put(manifest, to: repository, at: tag)
        guard reply.status == 201 else { throw UnexpectedReply(reply: reply) }
        return manifest
    }

    func put(_ manifest: Manifest, to repository: String, at reference: String) async throws -> Reply {
        try await call(
            .PUT,
            "/v2/\(repository)/manifests/\(reference)",
            headers: ["content-type": manifest.mediaType.rawValue],
            body: manifest.bytes
        )
    }
}

/// A registry answered something else than the test needs to go on.
struct UnexpectedReply: Error, CustomStringConvertible {
    let reply: Reply

    var description: String { "unexpected answer \(reply.status): \(reply.text)" }
}
