import CSandbox
import Glibc
import SystemPackage
import UserNamespaces

/// All that the C side needs to start a container, decided and laid out beforehand.
struct StartPlan {
    /// The kernel's limit (`OVL_MAX_STACK`), less the one that every container has.
    static let maximumLayers = 499

    /// What the plan's pointers point into.
    private let strings = CStrings()
    private(set) var plan = berth_plan()
    /// Open for as long as the plan has its descriptors.
    private let entrance: CgroupEntrance?
    /// How the users are mapped once the process is there; nil where nobody but root is.
    private var userMap: MapCommands?

    /// - Parameter group: the control group that the process moves into; nil for one that somebody else moves.
    init(
        _ container: Container,
        network: ContainerNetwork,
        streams: ContainerStreams,
        group: ContainerCgroup? = nil
    ) throws {
        entrance = try group.map { try CgroupEntrance($0) }
        let layout = try ProgramLayout(container, strings: strings)
        mapUsers(container.configuration.userMap)
        let hostNamespaces = layout.isolation.hostNamespaces
        plan.has_host_memory = hostNamespaces.contains(.memory)
        if !hostNamespaces.contains(.names) { plan.hostname = strings.string(layout.hostname.rawValue) }
        try RootLayout(container: container, strings: strings).layOut(into: &plan)
        try layOutMounts(container, files: network.files.all)
        let hasOwnNetwork = layOutNetwork(network)
        try layOutSystem(container, hasOwnNetwork: hasOwnNetwork)
        plan.program = layout.program(container.configuration.process, streams: streams)
        entrance?.layOut(into: &plan.program)
        plan.program.has_reaper = layout.isolation.hasReaper
        plan.program.makes_working_directory = true
    }

    /// Whether the container has a user namespace, in which root is mapped to the caller.
    static var isRootless: Bool { geteuid() != 0 }

    /// Gives the plan to `body`, for as long as that runs.
    func withPlan<Result>(_ body: (UnsafePointer<berth_plan>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime((strings, entrance)) { try withUnsafePointer(to: plan, body) }
    }

    /// Whether the container is to be born in another one's user namespace.
    var hasOwner: Bool { plan.network == BERTH_NETWORK_ENTERED }

    /// Maps the users of the process, which waits for it, where more than root are.
    func mapUsers(of process: berth_started) throws(SandboxError) {
        guard let userMap else { return }
        var process = process
        let error = withExtendedLifetime(userMap) { berth_map_started(&process, userMap.map) }
        guard error == 0 else { throw .usersNotMapped(Errno(rawValue: error)) }
    }

    private mutating func mapUsers(_ map: UserMap?) {
        guard Self.isRootless else { return }
        plan.has_user_namespace = true
        plan.is_mapped_from_outside = map != nil
        userMap = map.map { MapCommands($0) }
        plan.user_map = strings.string("0 \(geteuid()) 1")
        plan.group_map = strings.string("0 \(getegid()) 1")
    }

    /// Whether the container has a network of its own, whose settings are its.
    private mutating func layOutNetwork(_ network: ContainerNetwork) -> Bool {
        plan.has_network_helper = network.hasHelper
        switch network.choice {
        case .new: plan.network = Int32(BERTH_NETWORK_NEW)
        case .host: plan.network = Int32(BERTH_NETWORK_HOST)
        case .join(let namespace): plan.network = namespace.descriptor
        case .enter(let process):
            plan.network = Int32(BERTH_NETWORK_ENTERED)
            plan.owner = process.descriptor
            // It is mapped already.
            plan.is_mapped_from_outside = false
            userMap = nil
        }
        return plan.network == BERTH_NETWORK_NEW
    }

    private mutating func layOutMounts(_ container: Container, files: [(name: String, content: String)]) throws {
        let mounts = try MountLayout(container: container, strings: strings).mounts(files: files)
        plan.mounts = strings.array(mounts)
        plan.mount_count = mounts.count
        plan.shared_memory_size = strings.string("\(container.configuration.mounts.sharedMemorySize)")
        plan.has_read_only_root = container.configuration.mounts.hasReadOnlyRoot
    }

    private mutating func layOutSystem(_ container: Container, hasOwnNetwork: Bool) throws {
        let isolation = container.configuration.isolation
        plan.is_privileged = isolation.isPrivileged
        plan.masked_paths = UnsafePointer(strings.list(isolation.isPrivileged ? [] : SystemPaths.masked))
        plan.read_only_paths = UnsafePointer(strings.list(isolation.isPrivileged ? [] : SystemPaths.readOnly))
        try isolation.checkSettings(hasOwnNetwork: hasOwnNetwork)
        let settings = settings(isolation.settings, hasOwnNetwork: hasOwnNetwork)
        plan.settings = UnsafePointer(strings.array(settings))
        plan.setting_count = settings.count
        let hierarchies = VisibleCgroups.all()
        plan.hierarchies = UnsafePointer(strings.array(hierarchies.map(hierarchy)))
        plan.hierarchy_count = hierarchies.count
        let devices = try HostDevice.all(for: isolation)
        plan.devices = UnsafePointer(strings.array(devices.map(device)))
        plan.device_count = devices.count
    }

    private func settings(_ wanted: [KernelSetting], hasOwnNetwork: Bool) -> [berth_setting] {
        let standard = hasOwnNetwork ? KernelSetting.standard : []
        return standard.map {
            berth_setting(path: strings.string($0.0), value: strings.string($0.1), is_optional: true)
        }
            + wanted.map {
                berth_setting(path: strings.string($0.path), value: strings.string($0.value), is_optional: false)
            }
    }

    private func hierarchy(_ hierarchy: VisibleCgroups) -> berth_hierarchy {
        berth_hierarchy(
            name: strings.string(hierarchy.name),
            type: strings.string(hierarchy.type),
            options: strings.string(hierarchy.options)
        )
    }

    private func device(_ device: HostDevice) -> berth_device {
        berth_device(
            path: strings.string(device.path),
            host_path: strings.string(device.hostPath),
            mode: device.mode,
            major_number: device.major,
            minor_number: device.minor,
            user: device.user,
            group: device.group
        )
    }
}
