import Foundation
import ImageSpec
import NIOHTTP1

/// One request of the table, and what must be there for it, which an administrator has just made.
struct PreparedRequest {
    let method: HTTPMethod
    let path: String
    let headers: HTTPHeaders
    let body: [UInt8]?

    private static let repositories = [
        "public": "open/app", "internal": "house/app", "private": "secret/app", "missing": "secret/nothing",
        "cached": "hub.test/team/app", "-": "",
    ]
    private static let layer = Array("layer".utf8)

    init(_ row: AccessMatrix.Row, _ bench: AccessBench) async throws {
        let parts = row.route.split(separator: " ", maxSplits: 1).map(String.init)
        method = HTTPMethod(rawValue: parts[0])
        let repository = Self.repositories[row.repository] ?? ""
        let isOurs = ["public", "internal", "private"].contains(row.repository)
        var query = ""
        var headers: HTTPHeaders = ["accept": MediaType.manifests.map(\.rawValue).joined(separator: ", ")]
        var body: [UInt8]?
        var reference = "latest"
        var digest = Digest.of(Self.layer)
        var upload = UUID().uuidString.lowercased()
        switch (parts[1], method) {
        case ("/v2/<name>/manifests/<reference>", .PUT):
            headers.add(name: "content-type", value: bench.image.mediaType.rawValue)
            body = bench.image.bytes
        case ("/v2/<name>/manifests/<reference>", .DELETE):
            reference = Digest.of(Array(upload.utf8)).description
            if isOurs {
                let root = bench.authorizations["root"] ?? ""
                reference =
                    try await AccessBench.push(to: repository, bench.server, root, annotation: upload).digest()
                    .description
            }
        case ("/v2/<name>/blobs/<digest>", .DELETE):
            let content = Array(upload.utf8)
            digest = .of(content)
            if isOurs {
                _ = try await bench.root(.POST, "/v2/\(repository)/blobs/uploads/?digest=\(digest)", body: content)
            }
        case ("/v2/<name>/blobs/uploads/", _):
            switch row.variant {
            // Both are about what lies in a private repository alone.
            case "mount": query = "?mount=\(try await bench.secretBlob())&from=secret/app"
            case "mount-any": query = "?mount=\(try await bench.secretBlob())"
            default: break
            }
        case ("/v2/<name>/blobs/uploads/<id>", _):
            if isOurs {
                let reply = try await bench.root(.POST, "/v2/\(repository)/blobs/uploads/")
                upload = reply.headers.first(name: "docker-upload-uuid") ?? upload
            }
            if method == .PUT {
                query = "?digest=\(Digest.of(Self.layer))"
                body = Self.layer
            }
            if method == .PATCH { body = Self.layer }
        default: break
        }
        path =
            parts[1].replacing("<name>", with: repository).replacing("<reference>", with: reference)
            .replacing("<digest>", with: digest.description).replacing("<id>", with: upload) + query
        self.headers = headers
        self.body = body
    }

    func send(as caller: String, to bench: AccessBench) async throws -> Reply {
        var headers = headers
        headers.add(contentsOf: bench.headers(of: caller))
        return try await bench.server.call(method, path, headers: headers, body: body)
    }
}

extension PreparedRequest {
    /// Does as docker does: asks for nothing but what the answer's challenge says, with what the caller logged in with.
    func sendByToken(as caller: String, to bench: AccessBench) async throws -> Reply {
        let first = try await bench.server.call(method, path, headers: headers, body: body)
        guard first.status == 401 else { return first }
        let challenge = first.headers.first(name: "www-authenticate") ?? ""
        guard challenge.hasPrefix("Bearer ") else { return try await send(as: caller, to: bench) }
        var fields: [String: String] = [:]
        for field in challenge.dropFirst("Bearer ".count).split(separator: "\",") {
            let parts = field.split(separator: "=", maxSplits: 1).map { String($0).replacing("\"", with: "") }
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        let scopes = (fields["scope"] ?? "").split(separator: " ").map { "&scope=\($0)" }.joined()
        let answer = try await bench.server.call(
            .GET,
            "\(fields["realm"] ?? "")?service=\(fields["service"] ?? "")\(scopes)",
            headers: bench.headers(of: caller)
        )
        guard answer.status == 200 else { return answer }
        let token = try JSONDecoder().decode(TokenAnswer.self, from: Data(answer.body)).token
        var headers = headers
        headers.add(name: "authorization", value: "Bearer \(token)")
        return try await bench.server.call(method, path, headers: headers, body: body)
    }

    private struct TokenAnswer: Decodable {
        let token: String
    }
}

extension AccessBench {
    func root(_ method: HTTPMethod, _ path: String, body: [UInt8]? = nil) async throws -> Reply {
        try await server.call(method, path, headers: headers(of: "root"), body: body)
    }

    /// A new blob that no repository but `secret/app` has.
    func secretBlob() async throws -> Digest {
        let content = Array(UUID().uuidString.utf8)
        let digest = Digest.of(content)
        let reply = try await root(.POST, "/v2/secret/app/blobs/uploads/?digest=\(digest)", body: content)
        guard reply.status == 201 else { throw UnexpectedReply(reply: reply) }
        return digest
    }
}
