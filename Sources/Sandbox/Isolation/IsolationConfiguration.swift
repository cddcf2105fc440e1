/// How a container's processes are kept from the host's.
package struct IsolationConfiguration: Sendable, Equatable {
    /// Whether next to nothing is kept from the container's root: no capability, device or part of /proc and /sys.
    package var isPrivileged = false
    package var capabilities = CapabilitySet.standard
    /// Whether a program may win more than its caller has, by a set-user-ID bit or file capabilities.
    package var allowsNewPrivileges = false
    /// Whether a seccomp filter is in the container's folder.
    package var isFiltered = false
    /// What the user said of the last two, for the record.
    package var securityOptions: [String] = []
    package var devices: [DeviceMapping] = []
    package var settings: [KernelSetting] = []
    package var limits: [ResourceLimit] = []
    /// How soon the kernel ends the processes when memory runs out, from -1000 to 1000; nil for the monitor's own.
    package var outOfMemoryScore: Int?
    /// Groups beside the user's own, by name or number.
    package var groups: [String] = []
    /// Whether a process of berth's own is the first in the container, which passes signals on and buries the orphans.
    package var hasReaper = false
    /// Those that the container has not for itself.
    package var hostNamespaces: Set<HostNamespace> = []

    package init() {}

    /// - Throws: ``SandboxError/settingOfHost(_:)``.
    func checkSettings(hasOwnNetwork: Bool) throws(SandboxError) {
        let ofHost = settings.first { setting in
            setting.isOfNetwork ? !hasOwnNetwork : hostNamespaces.contains(.memory)
        }
        if let ofHost { throw .settingOfHost(ofHost.name) }
    }
}

extension IsolationConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case isPrivileged, capabilities, allowsNewPrivileges, isFiltered, securityOptions, devices, settings, limits
        case outOfMemoryScore, groups, hasReaper, hostNamespaces
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        isPrivileged = try values.decode(.isPrivileged, default: isPrivileged)
        capabilities = try values.decode(.capabilities, default: capabilities)
        allowsNewPrivileges = try values.decode(.allowsNewPrivileges, default: allowsNewPrivileges)
        isFiltered = try values.decode(.isFiltered, default: isFiltered)
        securityOptions = try values.decode(.securityOptions, default: securityOptions)
        devices = try values.decode(.devices, default: devices)
        settings = try values.decode(.settings, default: settings)
        limits = try values.decode(.limits, default: limits)
        outOfMemoryScore = try values.decodeIfPresent(Int.self, forKey: .outOfMemoryScore)
        groups = try values.decode(.groups, default: groups)
        hasReaper = try values.decode(.hasReaper, default: hasReaper)
        hostNamespaces = try values.decode(.hostNamespaces, default: hostNamespaces)
    }
}
