/// The public keys of somebody who signs tokens.
struct KeySet: Sendable {
    /// More are ignored.
    static let maximumCount = 100
    /// How many signatures are computed at most for a token that names no key.
    private static let maximumTries = 8

    let keys: [VerifyingKey]

    init(_ keys: [VerifyingKey]) {
        self.keys = Array(keys.prefix(Self.maximumCount))
    }

    /// Whether there is a key of the token's name, or one for all names.
    func hasKey(for token: CompactToken) -> Bool { !candidates(for: token).isEmpty }

    /// - Throws: ``TokenError`` when none of the keys has signed `token`.
    func verify(_ token: CompactToken) throws(TokenError) {
        let candidates = candidates(for: token)
        guard !candidates.isEmpty else { throw .unknownKey(token.keyID) }
        let fitting = candidates.filter { $0.algorithm.rawValue == token.algorithm }
        guard !fitting.isEmpty else { throw .wrongAlgorithm(token.algorithm) }
        guard fitting.prefix(Self.maximumTries).contains(where: { $0.signed(token) }) else { throw .wrongSignature }
    }

    private func candidates(for token: CompactToken) -> [VerifyingKey] {
        guard let id = token.keyID else { return keys }
        let named = keys.filter { $0.id == id }
        return named.isEmpty ? keys.filter { $0.id == nil } : named
    }
}
