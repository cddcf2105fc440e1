import SystemPackage

/// Why a seccomp filter can't be made.
package enum SeccompError: Error, Sendable, Equatable {
    case unreadableProfile(String, Errno)
    case profileTooLarge(String)
    case notAProfile(String, reason: String)
    case unknownAction(String)
    case unknownOperator(String)
    case unknownArchitecture(String)
    case argumentOutOfRange(Int)
    case listenerWanted
    case ruleRefused(call: String, Errno)
    case filterTooLong(Int)
    case libraryFailed(Errno)
}

extension SeccompError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadableProfile(let path, let error):
            "cannot read the seccomp profile \(path): \(error)"
        case .profileTooLarge(let path):
            "the seccomp profile \(path) is larger than \(SeccompProfile.maximumSize) bytes"
        case .notAProfile(let path, let reason):
            "\(path) is not a seccomp profile in docker's JSON form: \(reason)"
        case .unknownAction(let action):
            "the seccomp profile has an action that is unknown: '\(action)'"
        case .unknownOperator(let name):
            "the seccomp profile compares by '\(name)', which is unknown"
        case .unknownArchitecture(let name):
            "the seccomp profile names an architecture that is unknown: '\(name)'"
        case .argumentOutOfRange(let index):
            "the seccomp profile compares argument \(index): a system call has those from 0 to 5"
        case .listenerWanted:
            "the seccomp profile wants a listener (SCMP_ACT_NOTIFY), which berth has none of"
        case .ruleRefused(let call, let error):
            "the seccomp profile has a rule for '\(call)' that can't be followed: \(error)"
        case .filterTooLong(let count):
            "the seccomp profile comes to \(count) instructions: the kernel takes \(SeccompFilter.maximumLength)"
        case .libraryFailed(let error):
            "cannot make the seccomp filter: \(error)"
        }
    }
}
