/// What of root's might a container's root has.
package struct CapabilitySet: Sendable, Hashable {
    /// One bit each, as the kernel numbers them.
    package private(set) var bits: UInt64 = 0

    package init(_ capabilities: some Sequence<Capability>) {
        for capability in capabilities { insert(capability) }
    }

    package static let all = CapabilitySet(Capability.allCases)

    /// What docker leaves to a container's root.
    package static let standard = CapabilitySet([
        .chown, .dacOverride, .fowner, .fsetid, .kill, .setgid, .setuid, .setpcap, .netBindService, .netRaw,
        .sysChroot, .mknod, .auditWrite, .setfcap,
    ])

    /// What this process may do, and may let others do.
    static var ofThisProcess: CapabilitySet {
        let lines = KernelFile("/proc/self/status").text?.split(separator: "\n") ?? []
        let digits = lines.first { $0.hasPrefix("CapPrm:") }?.split(whereSeparator: \.isWhitespace).last
        let bits = digits.flatMap { UInt64($0, radix: 16) } ?? 0
        return CapabilitySet(Capability.allCases.filter { bits & bit(of: $0) != 0 })
    }

    /// The standard with changes by name, where `ALL` means every one; what is added and dropped is added, as in docker.
    ///
    /// - Throws: ``SandboxError/unknownCapability(_:)``.
    package init(adding added: [String], dropping dropped: [String]) throws(SandboxError) {
        let (addsAll, added) = try Self.parse(added)
        let (dropsAll, dropped) = try Self.parse(dropped)
        if addsAll {
            self = .all
            for capability in dropped { remove(capability) }
            return
        }
        self = dropsAll ? CapabilitySet([]) : .standard
        for capability in dropped { remove(capability) }
        for capability in added { insert(capability) }
    }

    package func contains(_ capability: Capability) -> Bool {
        bits & Self.bit(of: capability) != 0
    }

    /// In the order of the kernel's numbers.
    package var capabilities: [Capability] { Capability.allCases.filter(contains) }

    private mutating func insert(_ capability: Capability) { bits |= Self.bit(of: capability) }

    private mutating func remove(_ capability: Capability) { bits &= ~Self.bit(of: capability) }

    private static func bit(of capability: Capability) -> UInt64 {
        1 << UInt64(Capability.allCases.firstIndex(of: capability) ?? 0)
    }

    private static func parse(_ names: [String]) throws(SandboxError) -> (isAll: Bool, capabilities: [Capability]) {
        var isAll = false
        var capabilities: [Capability] = []
        for name in names {
            if name.uppercased() == "ALL" {
                isAll = true
            } else {
                capabilities.append(try Capability(named: name))
            }
        }
        return (isAll, capabilities)
    }
}

extension CapabilitySet: Codable {
    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([Capability].self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(capabilities)
    }
}
