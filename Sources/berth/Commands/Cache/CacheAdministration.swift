import FoundationEssentials
import ImageSpec
import RegistryClient

/// Talks to a berthd in the name of one who administers it.
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

    /// An image may be long on its way.
    private static let patience = Duration.seconds(6 * 3600)

    let client: RegistryClient

    func status() async throws -> JSONValue {
        try JSONValue(parsing: try await call("status"))
    }

    func images(matching pattern: String?) async throws -> [Image] {
        try decode([Image].self, try await call("images", pattern.map { [("match", $0)] } ?? []))
    }

    /// - Returns: the digest of what was named.
    func warm(_ image: String, platform: String?) async throws -> String {
        var order = ["image": JSONValue.string(image)]
        if let platform { order["platform"] = .string(platform) }
        return try decode([String: String].self, try await call("warm", [], order))["digest"] ?? ""
    }

    func evict(_ pattern: String) async throws -> Eviction {
        try decode(Eviction.self, try await call("evict", [], ["pattern": .string(pattern)]))
    }

    func pins() async throws -> [String] { try decode([String].self, try await call("pins")) }

    func pin(_ pattern: String) async throws -> [String] {
        try decode([String].self, try await call("pins", [], ["pattern": .string(pattern)]))
    }

    func unpin(_ pattern: String) async throws -> [String] {
        try decode([String].self, try await call("unpin", [], ["pattern": .string(pattern)]))
    }

    /// - Parameter order: sent by POST; nil for a GET.
    private func call(
        _ path: String,
        _ fields: [(name: String, value: String)] = [],
        _ order: [String: JSONValue]? = nil
    ) async throws -> [UInt8] {
        try await client.administer(
            "cache/\(path)",
            fields,
            method: order == nil ? .GET : .POST,
            body: order.map { .object($0) },
            patience: Self.patience
        )
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(bytes))
        } catch {
            throw AdministrationAnswerInvalid()
        }
    }
}
