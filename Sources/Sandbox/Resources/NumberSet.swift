import SystemPackage

/// Which of the processors, or of the memory nodes, there are: as the kernel writes it, `0-2,4`.
package struct NumberSet: Sendable {
    private let ranges: [ClosedRange<Int>]

    /// Nil for what isn't such a list.
    package init?(_ text: some StringProtocol) {
        var ranges: [ClosedRange<Int>] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
            let numbers = ends.compactMap { $0.allSatisfy(\.isWholeNumber) ? Int($0) : nil }
            guard numbers.count == ends.count, let first = numbers.first, let last = numbers.last, first <= last else {
                return nil
            }
            ranges.append(first...last)
        }
        guard !ranges.isEmpty else { return nil }
        self.ranges = ranges
    }

    /// The processors of this machine that are in use; nil where the kernel doesn't say.
    package static var processors: NumberSet? { ofMachine("/sys/devices/system/cpu/online") }

    /// Its memory nodes.
    package static var memoryNodes: NumberSet? { ofMachine("/sys/devices/system/node/online") }

    private static func ofMachine(_ path: FilePath) -> NumberSet? {
        KernelFile(path).text.flatMap { NumberSet($0.prefix { !$0.isWhitespace }) }
    }

    package func contains(_ other: NumberSet) -> Bool {
        // Ranges first: what was asked for may be as long as a number can say.
        other.ranges.allSatisfy { wanted in
            ranges.contains { $0.contains(wanted.lowerBound) } && ranges.contains { $0.contains(wanted.upperBound) }
                && wanted.count <= ranges.reduce(0) { $0 + $1.count }
                && wanted.allSatisfy { number in ranges.contains { $0.contains(number) } }
        }
    }
}

extension NumberSet: CustomStringConvertible {
    package var description: String {
        ranges.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
            .joined(separator: ",")
    }
}
