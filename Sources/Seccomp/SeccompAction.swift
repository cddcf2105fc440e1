/// What the kernel does with a system call, as libseccomp numbers it.
///
/// - SeeAlso: seccomp_init(3).
struct SeccompAction: Equatable {
    private static let refusal: UInt32 = 0x0005_0000
    private static let operationNotPermitted: UInt32 = 1

    let number: UInt32

    /// - Throws: ``SeccompError/unknownAction(_:)``, ``SeccompError/listenerWanted``.
    init(named name: String, errorNumber: UInt32?) throws(SeccompError) {
        switch name {
        case "SCMP_ACT_ALLOW": number = 0x7fff_0000
        case "SCMP_ACT_LOG": number = 0x7ffc_0000
        case "SCMP_ACT_ERRNO": number = Self.refusal | ((errorNumber ?? Self.operationNotPermitted) & 0xffff)
        case "SCMP_ACT_TRACE": number = 0x7ff0_0000 | ((errorNumber ?? Self.operationNotPermitted) & 0xffff)
        case "SCMP_ACT_TRAP": number = 0x0003_0000
        case "SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD": number = 0
        case "SCMP_ACT_KILL_PROCESS": number = 0x8000_0000
        case "SCMP_ACT_NOTIFY": throw .listenerWanted
        default: throw .unknownAction(name)
        }
    }

    var isRefusal: Bool { number & 0xffff_0000 == Self.refusal }
}
