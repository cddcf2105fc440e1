import Foundation
import Seccomp
import Testing

/// The numbers are x86_64's.
@Suite("Standard seccomp profile", .enabled(if: SeccompHost.current.architecture == "amd64"))
struct StandardProfileTests {
    private static let dockers: Set<String> = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
        "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_MKNOD", "CAP_AUDIT_WRITE",
        "CAP_SETFCAP",
    ]
    private let machine: FilterMachine

    init() throws {
        machine = FilterMachine(try SeccompFilter(.standard, capabilities: Self.dockers).instructions)
    }

    @Test("what programs need is allowed", arguments: [0, 1, 2, 9, 41, 56, 59, 101, 161, 257, 302, 317, 434, 437])
    func allowed(call: Int) {
        #expect(machine.verdict(call) == .allowed)
    }

    @Test(
        "what would reach the host is refused",
        arguments: [155, 165, 166, 169, 175, 246, 248, 250, 272, 298, 304, 308, 313, 321, 323, 425, 428, 429, 442]
    )
    func refused(call: Int) {
        #expect(machine.verdict(call) == .refused(1))
    }

    @Test("a process may be made, but no namespace")
    func clone() {
        #expect(machine.verdict(56, 0x11) == .allowed)
        for flag: UInt64 in [0x2_0000, 0x200_0000, 0x400_0000, 0x800_0000, 0x1000_0000, 0x2000_0000, 0x4000_0000] {
            #expect(machine.verdict(56, flag | 0x11) == .refused(1))
        }
        // clone3 as if the kernel hadn't it.
        #expect(machine.verdict(435) == .refused(38))
    }

    @Test("sockets of all families but the kernel's ciphers and the hypervisor")
    func sockets() {
        for family: UInt64 in [1, 2, 10, 16, 17, 37, 39, 41, 45] { #expect(machine.verdict(41, family) == .allowed) }
        #expect(machine.verdict(41, 38) == .refused(1))
        #expect(machine.verdict(41, 40) == .refused(1))
    }

    @Test("the personalities of docker's list only")
    func personality() {
        for value: UInt64 in [0, 8, 0x20000, 0x20008, 0xffff_ffff] { #expect(machine.verdict(135, value) == .allowed) }
        #expect(machine.verdict(135, 0x40000) == .refused(1))
    }

    @Test("a call that is newer than the profile isn't implemented")
    func newCalls() {
        #expect(machine.verdict(1000) == .refused(38))
        #expect(machine.verdict(1000, architecture: 0x4000_0003) == .refused(38))
        #expect(machine.verdict(0x4000_0000 | 1000) == .refused(38))
    }

    @Test("programs for x86 and x32 are held to the same")
    func otherArchitectures() {
        // x86: write, mount, clone with and without a namespace.
        #expect(machine.verdict(4, architecture: 0x4000_0003) == .allowed)
        #expect(machine.verdict(21, architecture: 0x4000_0003) == .refused(1))
        #expect(machine.verdict(120, 0x1000_0000, architecture: 0x4000_0003) == .refused(1))
        // x32: read, mount.
        #expect(machine.verdict(0x4000_0000) == .allowed)
        #expect(machine.verdict(0x4000_0000 | 165) == .refused(1))
    }

    @Test(
        "a capability brings the calls that it is for",
        arguments: [
            ("CAP_SYS_ADMIN", [165, 272, 308, 435, 321]), ("CAP_SYS_MODULE", [175, 313]), ("CAP_SYS_TIME", [164, 227]),
            ("CAP_SYS_BOOT", [169]), ("CAP_SYSLOG", [103]), ("CAP_DAC_READ_SEARCH", [304]), ("CAP_BPF", [321]),
            ("CAP_SYS_RAWIO", [172, 173]), ("CAP_SYS_NICE", [237, 238]),
        ]
    )
    func capability(name: String, calls: [Int]) throws {
        let filter = try SeccompFilter(.standard, capabilities: Self.dockers.union([name]))
        let machine = FilterMachine(filter.instructions)
        for call in calls {
            #expect(machine.verdict(call) == .allowed)
            if call != 435 { #expect(self.machine.verdict(call) == .refused(1)) }
        }
    }

    @Test("chroot goes with its capability")
    func changeRoot() throws {
        let filter = try SeccompFilter(.standard, capabilities: [])
        #expect(FilterMachine(filter.instructions).verdict(161) == .refused(1))
    }

    @Test("a filter is taken from the cache as it was made, and half a file isn't")
    func cache() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let cache = SeccompFilterCache(folder: .init(folder.path))
        let made = try cache.standardFilter(capabilities: Self.dockers, bits: 0xa80425fb)
        #expect(made == (try SeccompFilter(.standard, capabilities: Self.dockers).instructions))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.count == 1)
        #expect(try cache.standardFilter(capabilities: Self.dockers, bits: 0xa80425fb) == made)
        try Data([1, 2, 3]).write(to: folder.appendingPathComponent(names[0]))
        #expect(try cache.standardFilter(capabilities: Self.dockers, bits: 0xa80425fb) == made)
    }
}
