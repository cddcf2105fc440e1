import NIOHTTP1

/// How many pulls a registry still allows us, as `RateLimit-Remaining: 76;w=21600` says it.
///
/// - SeeAlso: Docker Hub's "Pull usage and limits".
package struct RemainingPulls: Sendable, Equatable {
    package let count: Int
    /// In which time there are as many anew, where the registry says it.
    package let window: Duration?

    /// Nil where there is nothing said.
    init?(_ headers: HTTPHeaders) {
        guard let text = headers.first(name: "RateLimit-Remaining") else { return nil }
        self.init(text)
    }

    package init?(_ text: String) {
        let parts = text.split(separator: ";").map { $0.filter { $0 != " " } }
        guard let first = parts.first, let count = Int(first), count >= 0 else { return nil }
        self.count = count
        window = parts.dropFirst().first { $0.hasPrefix("w=") }.flatMap { UInt32($0.dropFirst(2)) }
            .map { .seconds(Int64($0)) }
    }
}
