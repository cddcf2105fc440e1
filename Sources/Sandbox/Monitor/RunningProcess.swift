import CSandbox
import Glibc

/// A process that has just been started in a container, and the monitor's sides of its streams.
struct RunningProcess {
    let process: StartedProcess
    let streams: SessionStreams

    /// Starts a container's first process.
    ///
    /// - Parameters:
    ///   - size: of the terminal, from the first moment on.
    ///   - group: the container's control group.
    ///   - prepare: what is to happen between the making of the container and its program's start, given the
    ///     process's number on the host.
    static func first(
        of container: Container,
        network: ContainerNetwork,
        size: WindowSize?,
        group: ContainerCgroup?,
        prepare: (pid_t) throws -> Void
    ) throws -> RunningProcess {
        if let runtime = ContainerRuntime(of: container) {
            return try runtime.start(network: network, size: size, group: group, prepare: prepare)
        }
        let settings = container.configuration.process
        return try start(
            settings,
            in: container.configuration,
            hasInput: container.configuration.input.isOpen,
            size: size,
            prepare: prepare
        ) { streams in
            try StartedProcess(StartPlan(container, network: network, streams: streams, group: group))
        }
    }

    /// Starts another process in `container`, beside its first.
    ///
    /// - Parameter group: the container's control group.
    static func additional(
        _ execution: ExecConfiguration,
        in container: Container,
        beside first: StartedProcess,
        size: WindowSize?,
        group: ContainerCgroup?
    ) throws -> RunningProcess {
        if let runtime = ContainerRuntime(of: container) {
            return try runtime.execute(execution, beside: first, size: size, group: group)
        }
        return try start(
            execution.process,
            in: container.configuration,
            hasInput: execution.isInputOpen,
            size: size
        ) { streams in
            try StartedProcess(
                joining: JoinPlan(execution, in: container, beside: first, streams: streams, group: group)
            )
        }
    }

    private static func start(
        _ settings: ContainerProcess,
        in configuration: ContainerConfiguration,
        hasInput: Bool,
        size: WindowSize?,
        prepare: (pid_t) throws -> Void = { _ in },
        clone: (ContainerStreams) throws -> StartedProcess
    ) throws -> RunningProcess {
        var streams = settings.hasTerminal ? .pending : try SessionStreams.pipes(hasInput: hasInput)
        do {
            let process = try clone(streams.forProcess)
            streams.closeProcessSides()
            let prepared = try process.waitUntilPrepared()
            if prepared.terminal >= 0 {
                try streams.take(terminal: prepared.terminal, hasInput: hasInput)
                if let size { _ = berth_set_window_size(prepared.terminal, size.rows, size.columns) }
            }
            let identity = try settings.user.resolved(
                passwd: prepared.passwd,
                group: prepared.group,
                adding: configuration.isolation.groups
            )
            guard !StartPlan.isRootless || identity.isMapped(by: configuration.userMap) else {
                throw SandboxError.userNotMapped(settings.user.user)
            }
            try prepare(process.identifier)
            try process.execute(as: identity)
            return RunningProcess(process: process, streams: streams)
        } catch {
            streams.closeAll()
            throw error
        }
    }
}
