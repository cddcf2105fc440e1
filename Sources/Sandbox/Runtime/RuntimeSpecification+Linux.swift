import Glibc
import SystemPackage

extension RuntimeSpecification.Linux {
    init(_ container: Container, network: ContainerNetwork, group: ContainerCgroup?) throws {
        let isolation = container.configuration.isolation
        let ofHost = Set(isolation.hostNamespaces.map(\.rawValue))
        namespaces = ["pid", "mount", "ipc", "uts", "cgroup"].filter { !ofHost.contains($0) }.map {
            Namespace(type: $0)
        }
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
        resources.devices += isolation.isPrivileged ? [.all] : isolation.rules(of: chosen)
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
        let time = limits.processorTime
        cpu = Processor(
            shares: limits.processorShares.map { UInt64(clamping: $0) },
            quota: time?.quota,
            period: time.map { UInt64(clamping: $0.period) },
            cpus: limits.processorSet,
            mems: limits.memoryNodes
        )
        pids = limits.processes.map(Processes.init)
    }
}
