/// What is wrong with a condition over claims, and where.
package struct ClaimExpressionError: Error, Sendable, Hashable {
    /// The character at which it went wrong, counted from 1.
    package let position: Int
    package let reason: String
}

extension ClaimExpressionError: CustomStringConvertible {
    package var description: String { "at character \(position): \(reason)" }
}
