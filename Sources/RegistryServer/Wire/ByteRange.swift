/// What part of a blob a `Range` header asks for.
///
/// - SeeAlso: RFC 9110, section 14.
enum ByteRange: Equatable {
    /// No range that this server knows: the whole is the right answer.
    case whole
    case part(Range<Int64>)
    /// Nothing of the blob lies in it.
    case unsatisfiable

    /// Reads `header` for a blob of `size` bytes. Several ranges at once are answered with the whole.
    init(_ header: String?, size: Int64) {
        let unit = "bytes="
        guard let header, header.lowercased().hasPrefix(unit) else {
            self = .whole
            return
        }
        let bounds = header.dropFirst(unit.count).split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2 else {
            self = .whole
            return
        }
        let (first, last) = (Self.number(bounds[0]), Self.number(bounds[1]))
        switch (first, last) {
        case (let first?, let last?) where first <= last: self = Self.clamp(first, last, size)
        case (let first?, nil) where bounds[1].isEmpty: self = Self.clamp(first, size - 1, size)
        case (nil, let length?) where bounds[0].isEmpty:
            self = length > 0 ? Self.clamp(max(0, size - length), size - 1, size) : .unsatisfiable
        default: self = .whole
        }
    }

    private static func clamp(_ first: Int64, _ last: Int64, _ size: Int64) -> ByteRange {
        first < size ? .part(first..<min(last, size - 1) + 1) : .unsatisfiable
    }

    /// Digits only: `Int64.init` would take a sign too.
    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }
}
