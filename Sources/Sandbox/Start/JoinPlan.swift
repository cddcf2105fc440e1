import CSandbox

/// All that the C side needs to run another process in a container that runs.
struct JoinPlan {
    /// What the plan's pointers point into.
    private let strings = CStrings()
    private var plan = berth_join_plan()
    /// Open for as long as the plan has its descriptors.
    private let entrance: CgroupEntrance?

    /// - Parameters:
    ///   - first: refers to the container's first process.
    ///   - group: the container's control group.
    init(
        _ execution: ExecConfiguration,
        in container: Container,
        beside first: StartedProcess,
        streams: ContainerStreams,
        group: ContainerCgroup?
    )
        throws
    {
        entrance = try group.map { try CgroupEntrance($0) }
        let layout = try ProgramLayout(container, strings: strings)
        plan.program = layout.program(execution.process, streams: streams)
        entrance?.layOut(into: &plan.program)
        if execution.isPrivileged { plan.program.capabilities = CapabilitySet.all.bits }
        plan.process_descriptor = first.descriptor
        plan.has_host_network = container.configuration.network.mode == .host
    }

    /// Gives the plan to `body`, for as long as that runs.
    func withPlan<Result>(_ body: (UnsafePointer<berth_join_plan>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime((strings, entrance)) { try withUnsafePointer(to: plan, body) }
    }
}
