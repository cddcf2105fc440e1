import Foundation
import JWTKit

/// A public key, and the one way in which it signs.
struct VerifyingKey: Sendable {
    /// nil when nothing names it; then it is tried for any name.
    let id: String?
    let algorithm: TokenAlgorithm
    private let key: any JWTAlgorithm

    init(id: String?, algorithm: TokenAlgorithm, _ key: any JWTAlgorithm) {
        self.id = id
        self.algorithm = algorithm
        self.key = key
    }

    /// Whether it has signed `token`, by its own algorithm, whatever the token says.
    func signed(_ token: CompactToken) -> Bool {
        (try? key.verify(token.signature, signs: token.signed)) ?? false
    }
}
