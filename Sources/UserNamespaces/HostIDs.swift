import Glibc

/// The users or groups that there are where this process is: all on a host, some in a container.
struct HostIDs {
    private let ranges: [(first: UInt64, count: UInt64)]

    /// - Parameter path: of a map in /proc.
    init(at path: String) {
        ranges = Self.lines(at: path).compactMap { line in
            let numbers = line.split(separator: " ").compactMap { UInt64($0) }
            return numbers.count == 3 ? (numbers[0], numbers[2]) : nil
        }
    }

    func contain(_ extents: [UserMap.Extent]) -> Bool {
        extents.allSatisfy { extent in
            let (first, end) = (UInt64(extent.outside), UInt64(extent.outside) + UInt64(extent.count))
            return ranges.contains { first >= $0.first && end <= $0.first + $0.count }
        }
    }

    private static func lines(at path: String) -> [Substring] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        // The kernel gives it in one piece: 340 lines at most.
        var bytes = [UInt8](repeating: 0, count: 32 << 10)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self).split(separator: "\n")
    }
}
