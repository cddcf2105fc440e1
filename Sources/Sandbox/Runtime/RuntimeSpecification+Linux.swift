import Glibc
import SystemPackage

extension RuntimeSpecification.Linux {
    init(_ container: Container, network: ContainerNetwork, group: ContainerCgroup?) throws {
        let isolation = container.configuration.isolation
        namespaces = ["pid", "mount", "ipc", "uts", "cgroup"].map { Namespace(type: $0) }
        var hasOwnNetwork = false
        switch network.choice {
        case .new:
            namespaces.append(Namespace(type: "network"))
            hasOwnNetwork = true
        case .host, .enter: break
        case .join(let namespace):
            // The monitor's own descriptor: that of another process's could be another namespace by then.
            namespaces.append(Namespace(type: "network", path: "/proc/\(getpid())/fd/\(namespace.descriptor)"))
        }
        try isolation.checkSettings(hasOwnNetwork: hasOwnNetwork)
        sysctl = Self.settings(isolation.settings, hasOwnNetwork: hasOwnNetwork)
        let chosen = try HostDevice.all(for: isolation)
        devices = chosen.map(Device.init)
        cgroupsPath = ContainerCgroup.path(of: container.id)
        resources = RuntimeSpecification.Resources(container.configuration.resources, group: group)
        resources.devices +=
            isolation.isPrivileged
            ? [.all]
            : isolation.devices.flatMap { mapping in
                chosen.filter { $0.hostPath == mapping.hostPath || $0.hostPath.hasPrefix("\(mapping.hostPath)/") }
                    .map { .init($0, access: mapping.permissions) }
            }
        seccomp = isolation.isFiltered ? try RuntimeFilter.read(from: container.folder) : nil
        maskedPaths = isolation.isPrivileged ? [] : SystemPaths.masked
        readonlyPaths = isolation.isPrivileged ? [] : SystemPaths.readOnly
    }

    private static func settings(_ wanted: [KernelSetting], hasOwnNetwork: Bool) -> [String: String] {
        let standard = hasOwnNetwork ? KernelSetting.standard.map { (name($0.0), $0.1) } : []
        return Dictionary(standard + wanted.map { (name($0.path), $0.value) }) { _, last in last }
    }

    /// With dots, as sysctl(8) has it, unless a part has some itself.
    private static func name(_ path: String) -> String {
        path.contains(".") ? path : String(path.map { $0 == "/" ? "." : $0 })
    }
}

extension RuntimeSpecification.Linux.Device {
    init(_ device: HostDevice) {
        path = device.path
        type = device.typeLetter
        (major, minor) = (device.major, device.minor)
        fileMode = UInt32(device.mode & 0o777)
        (uid, gid) = (device.user, device.group)
    }
}

extension RuntimeSpecification.Resources.DeviceRule {
    static let all = Self(allow: true, access: "rwm")

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
    ///
    /// Here a control group keeps devices away, where berth's own sandbox has none that could be opened.
    static let standard: [Self] =
        [
            Self(allow: false, access: "rwm"),
            Self(allow: true, type: "c", access: "m"),
            Self(allow: true, type: "b", access: "m"),
        ]
        + [(1, 3), (1, 5), (1, 7), (1, 8), (1, 9), (5, 0), (5, 2), (136, nil)].map { major, minor in
            Self(allow: true, type: "c", major: major, minor: minor, access: "rwm")
        }
}

extension RuntimeSpecification.Resources {
    /// - Parameter group: that has the limits already, and what of them this kernel can do.
    init(_ limits: ResourceLimits, group: ContainerCgroup?) {
        devices = DeviceRule.standard
        if limits.memory != nil || limits.memoryReservation != nil {
            let total = limits.memoryAndSwap ?? limits.memory.map { 2 * $0 }
            memory = Memory(
                limit: limits.memory,
                reservation: limits.memoryReservation,
                swap: group?.limitsSwap == true ? total : nil
            )
        }
        let period = ContainerCgroup.period
        cpu = Processor(
            shares: limits.processorShares.map { UInt64(clamping: $0) },
            quota: limits.processors.map { Int64(($0 * Double(period)).rounded()) },
            period: limits.processors.map { _ in UInt64(period) },
            cpus: limits.processorSet,
            mems: limits.memoryNodes
        )
        pids = limits.processes.map(Processes.init)
    }
}

extension HostDevice {
    fileprivate var typeLetter: String { mode & S_IFMT == S_IFBLK ? "b" : "c" }
}
