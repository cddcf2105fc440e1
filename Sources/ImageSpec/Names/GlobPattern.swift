/// A pattern in which `*` stands for any number of characters and `?` for one.
package struct GlobPattern: Sendable, Hashable {
    package let text: String
    private let pattern: [UInt8]

    package init(_ text: String) {
        self.text = text
        pattern = Array(text.utf8)
    }

    /// Takes time in proportion to the product of both lengths at most, whatever the pattern.
    package func matches(_ name: String) -> Bool {
        let name = Array(name.utf8)
        var (at, position) = (0, 0)
        // Where to go on when what followed the last star doesn't fit.
        var retry: (at: Int, position: Int)?
        while position < name.count {
            if at < pattern.count, pattern[at] == UInt8(ascii: "*") {
                at += 1
                retry = (at, position)
            } else if at < pattern.count, pattern[at] == UInt8(ascii: "?") || pattern[at] == name[position] {
                at += 1
                position += 1
            } else if let last = retry {
                at = last.at
                position = last.position + 1
                retry = (last.at, position)
            } else {
                return false
            }
        }
        return pattern[at...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
