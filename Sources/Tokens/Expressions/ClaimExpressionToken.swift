import ImageSpec

/// The smallest part of a condition that means something.
struct ClaimExpressionToken: Hashable {
    enum Kind: Hashable {
        /// A claim's name, or a word of the language.
        case word(String)
        case literal(JSONValue)
        /// `==`, `(` and the like.
        case symbol(String)
        case end
    }

    let kind: Kind
    /// Of its first character, counted from 1.
    let position: Int
}
