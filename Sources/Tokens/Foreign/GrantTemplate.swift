import Access
import ImageSpec

/// Some actions on repositories whose names hold what a token says, as `${repository}/**:pull,push`.
package struct GrantTemplate: Sendable, Hashable {
    package let text: String
    private let pattern: ClaimTemplate
    private let actions: Actions

    /// - Throws: ``AccessError``, ``ClaimExpressionError``.
    package init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":") else { throw AccessError.invalidPattern(String(text.prefix(300))) }
        self.text = text
        actions = try Actions(text[text.index(after: colon)...])
        pattern = try ClaimTemplate(String(text[..<colon]))
        // What stands around the claims must be a pattern, whatever they say.
        _ = try RepositoryPattern(pattern.text { _ in "x" } ?? "")
    }

    /// nil when a claim isn't there, or is nothing that can be a part of a repository's name: a star in it, say, would
    /// allow more than was meant.
    func scope(for claims: TokenClaims) -> Scope? {
        let filled = pattern.text { placeholder in
            guard let value = placeholder.value(in: claims), (try? RepositoryName(value)) != nil else { return nil }
            return value
        }
        guard let filled, let pattern = try? RepositoryPattern(filled) else { return nil }
        return Scope(pattern, actions)
    }
}
