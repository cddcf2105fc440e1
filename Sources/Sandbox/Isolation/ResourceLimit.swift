/// A bound on what one process may use, as setrlimit(2) sets it.
package struct ResourceLimit: Sendable, Hashable, Codable {
    /// The kernel's resources, by docker's names; they stand in the order of the kernel's numbers (`<asm-generic/resource.h>`).
    package enum Resource: String, Sendable, CaseIterable, Codable {
        case cpu, fsize, data, stack, core, rss, nproc, nofile, memlock, `as`, locks, sigpending, msgqueue, nice, rtprio
        case rttime

        var number: Int32 { Int32(Self.allCases.firstIndex(of: self) ?? 0) }
    }

    /// The kernel's "no limit".
    package static let unlimited = UInt64.max

    package let resource: Resource
    package let soft: UInt64
    package let hard: UInt64

    /// Parses `resource=soft[:hard]`, where -1 is no limit.
    ///
    /// - Throws: ``SandboxError/invalidLimit(_:)``.
    package init(_ text: String) throws(SandboxError) {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let resource = Resource(rawValue: String(parts[0])) else { throw .invalidLimit(text) }
        let values = parts[1].split(separator: ":", omittingEmptySubsequences: false).map(Self.value)
        guard (1...2).contains(values.count), let soft = values[0], let hard = values[values.count - 1], soft <= hard
        else { throw .invalidLimit(text) }
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }

    private static func value(_ text: Substring) -> UInt64? {
        if text == "-1" || text == "unlimited" { return unlimited }
        return Int64(text).flatMap { $0 >= 0 ? UInt64($0) : nil }
    }
}
