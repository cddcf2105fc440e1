import CSandbox
import Glibc
import SystemPackage

extension ContainerCgroup {
    /// Lets the group's processes do with devices what `rules` say, and nothing else.
    ///
    /// - Throws: ``SandboxError/limitNotPossible(_:)`` where the kernel or this user can't.
    func apply(_ rules: [DeviceRule]) throws {
        if isUnified { try filter(rules) } else { try list(rules) }
    }

    /// Of version 1: what is denied and allowed, one after the other.
    private func list(_ rules: [DeviceRule]) throws {
        guard let folder = folder("devices") else { throw SandboxError.limitNotPossible("the rights of --device") }
        for rule in rules {
            try KernelFile(folder.appending(rule.allow ? "devices.allow" : "devices.deny")).write(rule.legacyText)
        }
    }

    /// Of version 2 there are no such files: the kernel asks a program that goes with the group.
    private func filter(_ rules: [DeviceRule]) throws {
        guard let folder = folder("") else { throw SandboxError.limitNotPossible("the rights of --device") }
        let descriptor = open(folder.string, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: folder, .current) }
        defer { close(descriptor) }
        // It denies what no rule allows.
        let allowing = rules.filter(\.allow).map(\.entry)
        let error = Errno(rawValue: berth_filter_devices(descriptor, allowing, allowing.count))
        guard error.rawValue == 0 else {
            throw SandboxError.system(operation: "filter the devices of", path: folder, error)
        }
    }
}

extension DeviceRule {
    /// As the files of version 1 take it.
    fileprivate var legacyText: String {
        guard let type else { return "a" }
        return "\(type) \(major.map(String.init) ?? "*"):\(minor.map(String.init) ?? "*") \(access)"
    }

    fileprivate var entry: berth_device_rule {
        let rights = [("m", BERTH_DEVICE_MAKE), ("r", BERTH_DEVICE_READ), ("w", BERTH_DEVICE_WRITE)]
        return berth_device_rule(
            is_block: type == "b",
            access: rights.reduce(0) { access.contains($1.0) ? $0 | UInt32($1.1) : $0 },
            major_number: major ?? -1,
            minor_number: minor ?? -1
        )
    }
}
