/// A part of root's might, by the kernel's number.
///
/// - SeeAlso: capabilities(7); `<linux/capability.h>`.
enum Capability: Int, CaseIterable {
    case changeOwner = 0  // CAP_CHOWN
    case overridePermissions = 1  // CAP_DAC_OVERRIDE
    case actAsOwner = 3  // CAP_FOWNER
    case keepSetIDBits = 4  // CAP_FSETID
    case kill = 5  // CAP_KILL
    case setGroup = 6  // CAP_SETGID
    case setUser = 7  // CAP_SETUID
    case setCapabilities = 8  // CAP_SETPCAP
    case bindLowPorts = 10  // CAP_NET_BIND_SERVICE
    case rawSockets = 13  // CAP_NET_RAW
    case changeRoot = 18  // CAP_SYS_CHROOT
    case makeNodes = 27  // CAP_MKNOD
    case writeAudit = 29  // CAP_AUDIT_WRITE
    case setFileCapabilities = 31  // CAP_SETFCAP

    /// What docker leaves to a container's root, one bit each: all of the above.
    static let containerDefault = allCases.reduce(UInt64(0)) { $0 | 1 << UInt64($1.rawValue) }
}
