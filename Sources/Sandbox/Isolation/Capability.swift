/// A part of root's might, by the kernel's name without `CAP_`; the cases stand in the order of the kernel's numbers.
///
/// - SeeAlso: capabilities(7); `<linux/capability.h>`.
package enum Capability: String, Sendable, CaseIterable, Codable {
    case chown = "CHOWN"
    case dacOverride = "DAC_OVERRIDE"
    case dacReadSearch = "DAC_READ_SEARCH"
    case fowner = "FOWNER"
    case fsetid = "FSETID"
    case kill = "KILL"
    case setgid = "SETGID"
    case setuid = "SETUID"
    case setpcap = "SETPCAP"
    case linuxImmutable = "LINUX_IMMUTABLE"
    case netBindService = "NET_BIND_SERVICE"
    case netBroadcast = "NET_BROADCAST"
    case netAdmin = "NET_ADMIN"
    case netRaw = "NET_RAW"
    case ipcLock = "IPC_LOCK"
    case ipcOwner = "IPC_OWNER"
    case sysModule = "SYS_MODULE"
    case sysRawio = "SYS_RAWIO"
    case sysChroot = "SYS_CHROOT"
    case sysPtrace = "SYS_PTRACE"
    case sysPacct = "SYS_PACCT"
    case sysAdmin = "SYS_ADMIN"
    case sysBoot = "SYS_BOOT"
    case sysNice = "SYS_NICE"
    case sysResource = "SYS_RESOURCE"
    case sysTime = "SYS_TIME"
    case sysTtyConfig = "SYS_TTY_CONFIG"
    case mknod = "MKNOD"
    case lease = "LEASE"
    case auditWrite = "AUDIT_WRITE"
    case auditControl = "AUDIT_CONTROL"
    case setfcap = "SETFCAP"
    case macOverride = "MAC_OVERRIDE"
    case macAdmin = "MAC_ADMIN"
    case syslog = "SYSLOG"
    case wakeAlarm = "WAKE_ALARM"
    case blockSuspend = "BLOCK_SUSPEND"
    case auditRead = "AUDIT_READ"
    case perfmon = "PERFMON"
    case bpf = "BPF"
    case checkpointRestore = "CHECKPOINT_RESTORE"

    /// Finds a capability by its name, in capitals or not, with `CAP_` or without.
    ///
    /// - Throws: ``SandboxError/unknownCapability(_:)``.
    package init(named name: String) throws(SandboxError) {
        let capitals = name.uppercased()
        let short = capitals.hasPrefix("CAP_") ? String(capitals.dropFirst(4)) : capitals
        guard let capability = Capability(rawValue: short) else { throw .unknownCapability(name) }
        self = capability
    }

    /// As docker shows it.
    package var name: String { "CAP_\(rawValue)" }
}
