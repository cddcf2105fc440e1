import ImageSpec

/// A condition over a token's claims, as `repository == "team/app" && ref startsWith "refs/tags/v"`.
///
/// There are `==`, `!=`, `in [...]` or `in` a claim that is a list, `startsWith`, `matches` (a text with `*` and `?`),
/// a claim that is true or false by itself, `!`, `&&`, `||` and parentheses. What a claim that isn't there, or is of
/// another kind, is compared with is neither true nor false, and so is its opposite: a rule holds only when its
/// condition is true.
package struct ClaimExpression: Sendable, Hashable {
    /// In bytes.
    static let maximumLength = 4096

    package let text: String
    private let root: ClaimCondition

    /// - Throws: ``ClaimExpressionError``.
    package init(_ text: String) throws(ClaimExpressionError) {
        guard text.utf8.count <= Self.maximumLength else {
            throw ClaimExpressionError(position: 1, reason: "it has more than \(Self.maximumLength) bytes")
        }
        self.text = text
        var parser = try ClaimExpressionParser(text)
        root = try parser.parse()
    }

    package func holds(for claims: TokenClaims) -> Bool { root.value(for: claims) == true }
}
