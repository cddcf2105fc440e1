import ArgumentParser

extension BerthCommand {
    /// Flags that are on unless it is said otherwise, and what says so.
    private static let negations = ["--human": "--no-human", "-H": "--no-human"]

    /// Reads the command line, in which a flag may have a value, as docker's may: `--rm=true`, `--no-trunc=false`; and in
    /// which a short option's value may stand right behind it.
    ///
    /// What follows an image's name belongs to the program in it and is left alone: only what the parser itself took for a
    /// flag, and said so, is read anew.
    static func parseWithBooleanValues(_ words: [String]) throws -> any ParsableCommand {
        var words = EmptyEntrypoint.marked(words)
        while true {
            do {
                return try parseAsRoot(words)
            } catch {
                guard exitCode(for: error) == .validationFailure,
                    let changed = settled(words, after: message(for: error)) ?? split(words, after: message(for: error))
                else { throw error }
                words = changed
            }
        }
    }

    /// The words without the value that the parser stumbled over; nil when it was about something else.
    private static func settled(_ words: [String], after message: String) -> [String]? {
        let parts = message.split(separator: "'", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0] == "The option ", parts[2].hasPrefix(" does not take any value"),
            let value = boolean(parts[3]), let index = words.firstIndex(of: "\(parts[1])=\(parts[3])")
        else { return nil }
        let flag = String(parts[1])
        var words = words
        words.replaceSubrange(index...index, with: value ? [flag] : negations[flag].map { [$0] } ?? [])
        return words
    }

    /// The words with a short option's name apart from its value, which has a `=` in it: `-eA=1`. The parser takes that for a
    /// long name and its value. Nil when it stumbled over something else.
    private static func split(_ words: [String], after message: String) -> [String]? {
        let parts = message.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == "Unknown option ", parts[1].count > 2, !parts[1].hasPrefix("--"),
            let index = words.firstIndex(where: { $0.hasPrefix("\(parts[1])=") })
        else { return nil }
        var words = words
        words.replaceSubrange(index...index, with: [String(words[index].prefix(2)), String(words[index].dropFirst(2))])
        return words
    }

    /// - SeeAlso: Go's `strconv.ParseBool`.
    private static func boolean(_ text: Substring) -> Bool? {
        if ["1", "t", "T", "true", "TRUE", "True"].contains(text) { return true }
        if ["0", "f", "F", "false", "FALSE", "False"].contains(text) { return false }
        return nil
    }
}
