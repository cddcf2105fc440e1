import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

/// Talks to the listener of a berthd that its operators have.
struct CacheAdministration: Sendable {
    struct Image: Decodable {
        let repository: String
        let tag: String
        let digest: String
        let size: Int64
        let isPinned: Bool
    }

    struct Eviction: Decodable {
        let tags: Int
        let blobs: Int
        let bytes: Int64
    }

    /// In bytes.
    private static let maximumAnswer = 64 << 20
    /// An image may be long on its way.
    private static let timeLimit = TimeAmount.hours(6)

    private let root: String

    /// - Throws: ``CacheAdministrationError``.
    init(address: String) throws(CacheAdministrationError) {
        let text = address.contains("://") ? address : "http://\(address)"
        guard let url = URL(string: text), url.scheme == "http" || url.scheme == "https", url.host()?.isEmpty == false
        else { throw .invalidAddress(address) }
        root = text.hasSuffix("/") ? String(text.dropLast()) : text
    }

    func status() async throws -> JSONValue {
        try JSONValue(parsing: try await call("status"))
    }

    func images(matching pattern: String?) async throws -> [Image] {
        let query = pattern.map { "?match=\($0.utf8.map(Self.escaped).joined())" } ?? ""
        return try decode([Image].self, try await call("images\(query)"))
    }

    /// - Returns: the digest of what was named.
    func warm(_ image: String, platform: String?) async throws -> String {
        var order = ["image": JSONValue.string(image)]
        if let platform { order["platform"] = .string(platform) }
        return try decode([String: String].self, try await call("warm", order))["digest"] ?? ""
    }

    func evict(_ pattern: String) async throws -> Eviction {
        try decode(Eviction.self, try await call("evict", ["pattern": .string(pattern)]))
    }

    func pins() async throws -> [String] { try decode([String].self, try await call("pins")) }

    func pin(_ pattern: String) async throws -> [String] {
        try decode([String].self, try await call("pins", ["pattern": .string(pattern)]))
    }

    func unpin(_ pattern: String) async throws -> [String] {
        try decode([String].self, try await call("unpin", ["pattern": .string(pattern)]))
    }

    /// - Parameter order: sent by POST; nil for a GET.
    private func call(_ path: String, _ order: [String: JSONValue]? = nil) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: "\(root)/cache/\(path)")
        if let order {
            request.method = .POST
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(bytes: JSONValue.object(order).compactText))
        }
        let response: HTTPClientResponse
        let body: ByteBuffer
        do {
            response = try await HTTPClient.shared.execute(request, timeout: Self.timeLimit)
            body = try await response.body.collect(upTo: Self.maximumAnswer)
        } catch {
            throw CacheAdministrationError.noAnswer(root, reason: "\(error)")
        }
        guard response.status == .ok else {
            let document = try? JSONValue(parsing: Array(body.readableBytesView))
            let words = document?["error"]?["message"]?.string
            throw CacheAdministrationError.refused(words ?? "status \(response.status.code)")
        }
        return Array(body.readableBytesView)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw CacheAdministrationError.refused("its answer can't be read")
        }
    }

    private static func escaped(_ byte: UInt8) -> String {
        let character = Character(Unicode.Scalar(byte))
        let isSafe = character.isASCII && (character.isLetter || character.isNumber || "-._~*/:".contains(character))
        let digits = String(byte, radix: 16, uppercase: true)
        return isSafe ? String(character) : "%" + (digits.count == 1 ? "0" : "") + digits
    }
}
