/// What a container's processes may do with a device, or may not.
///
/// - SeeAlso: OCI runtime-spec, "Allowed Device list"; Linux, Documentation/admin-guide/cgroup-v1/devices.rst.
struct DeviceRule: Encodable, Equatable {
    var allow: Bool
    /// `c` or `b`; nil for both.
    var type: String?
    /// Nil for any.
    var major: Int64?
    var minor: Int64?
    /// Some of `r`, `w` and `m`.
    var access: String

    static let all = DeviceRule(allow: true, access: "rwm")

    init(allow: Bool, type: String? = nil, major: Int64? = nil, minor: Int64? = nil, access: String) {
        self.allow = allow
        self.type = type
        self.major = major
        self.minor = minor
        self.access = access
    }

    init(_ device: HostDevice, access: String) {
        self.init(
            allow: true,
            type: device.typeLetter,
            major: Int64(device.major),
            minor: Int64(device.minor),
            access: access
        )
    }

    /// What docker lets every container use: to make any node, and to open those of its own /dev.
    static let standard: [DeviceRule] =
        [
            DeviceRule(allow: false, access: "rwm"),
            DeviceRule(allow: true, type: "c", access: "m"),
            DeviceRule(allow: true, type: "b", access: "m"),
        ]
        + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2), (136, nil)].map { major, minor in
            DeviceRule(allow: true, type: "c", major: major, minor: minor, access: "rwm")
        }
}

extension IsolationConfiguration {
    /// The rules for those of `chosen` that were asked for, with the rights that were.
    func rules(of chosen: [HostDevice]) -> [DeviceRule] {
        devices.flatMap { mapping in
            chosen.filter { $0.hostPath == mapping.hostPath || $0.hostPath.hasPrefix("\(mapping.hostPath)/") }
                .map { DeviceRule($0, access: mapping.permissions) }
        }
    }

    /// Whether less than everything may be done with a chosen device. Where it may, no rule is needed: berth's own sandbox
    /// has no other devices that could be opened.
    package var limitsDevices: Bool {
        !isPrivileged && devices.contains { Set($0.permissions) != Set("rwm") }
    }

    /// The rules for all devices; nil where none are needed.
    ///
    /// - Throws: ``SandboxError/notADevice(_:)``.
    func deviceRules() throws(SandboxError) -> [DeviceRule]? {
        guard limitsDevices else { return nil }
        return DeviceRule.standard + rules(of: try HostDevice.all(for: self))
    }
}
