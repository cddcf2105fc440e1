/// How a container's processes are kept from the host's.
package struct IsolationConfiguration: Sendable, Equatable {
    /// Whether next to nothing is kept from the container's root: no capability, device or part of /proc and /sys.
    package var isPrivileged = false
    package var capabilities = CapabilitySet.standard
    /// Whether a program may win more than its caller has, by a set-user-ID bit or file capabilities.
    package var allowsNewPrivileges = false
    package var limits: [ResourceLimit] = []
    /// How soon the kernel ends the processes when memory runs out, from -1000 to 1000; nil for the monitor's own.
    package var outOfMemoryScore: Int?
    /// Groups beside the user's own, by name or number.
    package var groups: [String] = []

    package init() {}
}

extension IsolationConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case isPrivileged, capabilities, allowsNewPrivileges, limits, outOfMemoryScore, groups
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        isPrivileged = try values.decode(.isPrivileged, default: isPrivileged)
        capabilities = try values.decode(.capabilities, default: capabilities)
        allowsNewPrivileges = try values.decode(.allowsNewPrivileges, default: allowsNewPrivileges)
        limits = try values.decode(.limits, default: limits)
        outOfMemoryScore = try values.decodeIfPresent(Int.self, forKey: .outOfMemoryScore)
        groups = try values.decode(.groups, default: groups)
    }
}
