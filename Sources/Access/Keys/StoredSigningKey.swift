/// A key of ours that signs tokens, as it is kept.
package struct StoredSigningKey: Sendable, Hashable {
    /// What tokens and the published keys call it.
    package let id: String
    package let algorithm: String
    package let secret: [UInt8]
    /// Seconds since 1970.
    package let createdAt: Int64

    package init(id: String, algorithm: String, secret: [UInt8], createdAt: Int64) {
        self.id = id
        self.algorithm = algorithm
        self.secret = secret
        self.createdAt = createdAt
    }
}

extension StoredSigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the secret: descriptions end in logs.
    package var description: String { "the \(algorithm) key '\(id)'" }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: []) }
}
