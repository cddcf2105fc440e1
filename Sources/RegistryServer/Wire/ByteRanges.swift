/// What parts of a blob a `Range` header asks for.
///
/// - SeeAlso: RFC 9110, section 14.
enum ByteRanges: Equatable {
    /// How many ranges may be asked for at once: clients that start images before they are pulled whole ask for many
    /// small ones.
    static let maximumCount = 100

    /// No ranges that this server knows, or too many of them: the whole is the right answer.
    case whole
    /// One at least, each within the blob, in the order in which they were asked for.
    case parts([Range<Int64>])
    /// Nothing of the blob lies in them.
    case unsatisfiable

    /// Reads `header` for a blob of `size` bytes.
    init(_ header: String?, size: Int64) {
        let unit = "bytes="
        guard let header, header.lowercased().hasPrefix(unit) else {
            self = .whole
            return
        }
        let specifications = header.dropFirst(unit.count).split(separator: ",", omittingEmptySubsequences: false)
        guard specifications.count <= Self.maximumCount else {
            self = .whole
            return
        }
        var parts: [Range<Int64>] = []
        for specification in specifications {
            switch Self.part(specification, size) {
            case .whole:
                self = .whole
                return
            case .unsatisfiable: break
            case .parts(let more): Self.append(more, to: &parts)
            }
        }
        // Parts that overlap would let a small request fetch a blob many times over.
        let length = parts.reduce(Int64(0)) { $0 + Int64($1.count) }
        self = parts.isEmpty ? .unsatisfiable : length > size ? .whole : .parts(parts)
    }

    /// Ranges that go on where the one before ends, or within it, are one.
    private static func append(_ more: [Range<Int64>], to parts: inout [Range<Int64>]) {
        for range in more {
            if let last = parts.last, (last.lowerBound...last.upperBound).contains(range.lowerBound) {
                parts[parts.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                parts.append(range)
            }
        }
    }

    private static func part(_ specification: Substring, _ size: Int64) -> ByteRanges {
        let bounds = specification.drop { $0 == " " || $0 == "\t" }
            .split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2 else { return .whole }
        switch (number(bounds[0]), number(bounds[1])) {
        case (let first?, let last?): return first <= last ? clamp(first, last, size) : .unsatisfiable
        case (let first?, nil) where bounds[1].isEmpty: return clamp(first, size - 1, size)
        case (nil, let length?) where bounds[0].isEmpty:
            return length > 0 ? clamp(max(0, size - length), size - 1, size) : .unsatisfiable
        default: return .whole
        }
    }

    private static func clamp(_ first: Int64, _ last: Int64, _ size: Int64) -> ByteRanges {
        first < size ? .parts([first..<min(last, size - 1) + 1]) : .unsatisfiable
    }

    /// Digits only: `Int64.init` would take a sign too.
    private static func number(_ text: Substring) -> Int64? {
        text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int64(text) : nil
    }
}
