/// `--entrypoint=`, docker's way to drop an image's entrypoint. The parser takes a name with nothing behind its `=` for one
/// whose value is the next word, so that word gets a mark that no real word can have; where words are taken over, it goes.
enum EmptyEntrypoint {
    private static let word = "--entrypoint="
    /// The kernel ends each word of a command line before one.
    private static let mark: Character = "\0"

    /// The words of a command line, for the parser.
    static func marked(_ words: [String]) -> [String] {
        words.map { $0 == word ? word + String(mark) : $0 }
    }

    /// A word as it was given: an option's value, or what is behind an image's name and so for the container's program.
    static func unmarked(_ word: String) -> String {
        word.last == mark ? String(word.dropLast()) : word
    }
}
