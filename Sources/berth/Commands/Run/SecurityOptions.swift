/// What the values of `--security-opt` say.
struct SecurityOptions {
    enum Seccomp: Equatable {
        case standard
        case unconfined
        case profile(path: String)
    }

    private(set) var seccomp = Seccomp.standard
    /// Nil where nothing is said.
    private(set) var allowsNewPrivileges: Bool?

    /// Reads `name=value` each; docker's older `name:value` counts, too.
    ///
    /// - Throws: ``ContainerOptionError/unknownSecurityOption(_:)``.
    init(_ options: [String]) throws {
        for option in options {
            let parts = option.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "=" || $0 == ":" }
            let value = parts.count == 2 ? String(parts[1]) : nil
            switch (parts[0], value) {
            case ("no-new-privileges", nil), ("no-new-privileges", "true"): allowsNewPrivileges = false
            case ("no-new-privileges", "false"): allowsNewPrivileges = true
            case ("seccomp", "unconfined"): seccomp = .unconfined
            case ("seccomp", "builtin"): seccomp = .standard
            case ("seccomp", let path?) where !path.isEmpty: seccomp = .profile(path: path)
            // What containers have in any case: no other security module confines them.
            case ("apparmor", "unconfined"), ("label", "disable"), ("systempaths", "confined"): break
            default: throw ContainerOptionError.unknownSecurityOption(option)
            }
        }
    }
}
