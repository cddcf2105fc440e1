/// Splits text into words as a Dockerfile does: quotes and backslashes keep spaces together.
enum QuotedWords {
    /// - Parameter whole: what `text` is a part of, for the error.
    /// - Throws: ``ImageStoreError/invalidChange(_:reason:)`` when a quote isn't closed.
    static func split(_ text: String, of whole: String) throws(ImageStoreError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in text {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if character == quote {
                quote = nil
            } else if quote == nil, character == "\"" || character == "'" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        guard quote == nil, !isEscaped else { throw .invalidChange(whole, reason: "a quote or backslash has no end") }
        return words + (word.map { [$0] } ?? [])
    }
}
