import Glibc

/// The lines of /etc/subuid or /etc/subgid that are a user's: `name:first:count`, the name or the user's number.
package struct SubordinateRanges {
    /// Of a file, in bytes.
    private static let maximumSize = 1 << 20
    /// The kernel takes 340 lines in a map.
    private static let maximumCount = 256

    let ranges: [(first: UInt32, count: UInt32)]

    /// - Parameter text: the file's; a line that isn't one is passed over.
    package init(in text: String, of user: UInt32, named name: String) {
        ranges = Array(
            text.split(separator: "\n").compactMap { line -> (first: UInt32, count: UInt32)? in
                let fields = line.split(separator: ":", omittingEmptySubsequences: false)
                guard fields.count == 3, fields[0] == name || fields[0] == "\(user)",
                    let first = UInt32(fields[1]), let count = UInt32(fields[2]), first > 0, count > 0,
                    !first.addingReportingOverflow(count).overflow
                else { return nil }
                return (first, count)
            }
            .prefix(Self.maximumCount)
        )
    }

    /// - Parameter path: a file that may be missing.
    init(at path: String, of user: UInt32, named name: String) {
        self.init(in: Self.text(at: path), of: user, named: name)
    }

    /// The extents of a map: `own` is 0 inside, and what is subordinate follows.
    package func extents(own: UInt32) -> [UserMap.Extent] {
        var extents = [UserMap.Extent(inside: 0, outside: own, count: 1)]
        var inside: UInt32 = 1
        for range in ranges {
            let (next, isTooMuch) = inside.addingReportingOverflow(range.count)
            guard !isTooMuch else { break }
            extents.append(UserMap.Extent(inside: inside, outside: range.first, count: range.count))
            inside = next
        }
        return extents
    }

    private static func text(at path: String) -> String {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 16 << 10)
        while bytes.count < maximumSize, case let count = read(file, &part, part.count), count > 0 {
            bytes += part[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
