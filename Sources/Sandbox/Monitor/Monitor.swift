import CSandbox
import Glibc
import SystemPackage

/// Stays with one container as long as it runs: holds its lock, its terminal, its log and its restart policy, and
/// serves the clients that come to it. It is a process of its own, with one thread, that waits in one place.
///
/// Whatever ends it ends the container with it; ``ContainerStore/reap()`` writes down what it could not.
package final class Monitor {
    let container: Container
    private let lock: ContainerLock
    private let signals: SignalRelay
    private var listener: Int32 = -1
    var state: ContainerState
    var session: ProcessSession?
    private var executions: [ProcessSession] = []
    var clients: [MonitorClient] = []
    /// The client for as long as which the container is paused; nil where it is for good.
    var holder: MonitorClient?
    /// When the container is killed that was asked to end.
    var killDeadline: Deadline?
    /// When the container that the restart policy brings back is started.
    private var restartDeadline: Deadline?
    /// When the memory is given back that only the start needed: most containers have little to do then.
    private var quietDeadline: Deadline?
    private var delay = RestartDelay()
    private var network: ContainerNetwork?
    /// Who was attached when it ended.
    private var attached: [MonitorClient] = []
    /// Why the container could not be started for the first client.
    var startFailure: (any Error)?
    var cgroup: ContainerCgroup?
    var health: HealthCheck?
    var probe: HealthProbe?
    /// Whether somebody wanted its end, whatever the restart policy says.
    var isToEnd = false

    /// Runs the container that has this folder to its end.
    ///
    /// - Parameter first: the socket of the client that the monitor was started for.
    package static func run(in folder: FilePath, first: Int32) {
        let client = MonitorClient(first)
        // It was started by a descriptor, whose number would be its name.
        berth_name_process("berth-monitor")
        do {
            guard berth_is_sealed() else { throw SandboxError.monitorNotSealed }
            let store = try ContainerStore(root: folder.removingLastComponent().removingLastComponent())
            guard let record = try ContainerRecord(in: folder) else {
                throw SandboxError.noSuchContainer(folder.lastComponent?.string ?? "")
            }
            let container = Container(store: store, record: record)
            guard let lock = try ContainerLock.take(in: folder) else {
                throw SandboxError.containerIsRunning(container.label)
            }
            try Monitor(container, lock).run(for: client)
        } catch {
            client.finish(with: .failure(error))
            linger(for: [client])
        }
    }

    private init(_ container: Container, _ lock: ContainerLock) throws {
        self.container = container
        self.lock = lock
        state = try container.state()
        if state.isActive {
            // A monitor of before was killed, and nobody has looked since.
            try container.reap(state, holding: lock)
            state = try container.state()
        }
        // A machine that goes down asks every process to end: the container is asked, too.
        // A runtime leaves children of its own behind, of which nothing else tells.
        signals = try SignalRelay(
            [SIGTERM, SIGINT, SIGHUP] + (container.configuration.runtime == nil ? [] : [SIGCHLD])
        )
    }

    private func run(for first: MonitorClient) throws {
        listener = try MonitorSocket.listen(in: container.folder)
        welcome(first)
        // Until it has said how it wants the container to be started.
        while session == nil, startFailure == nil, first.isOpen { wait() }
        while session != nil || restartDeadline != nil { wait() }
        try finish()
    }

    // MARK: The loop

    private func wait() {
        var set = PollSet()
        set.add(listener, POLLIN) { [self] in accept() }
        set.add(signals.descriptor, POLLIN) { [self] in
            for signal in signals.received() {
                if signal == SIGCHLD { continue }
                stop(signal: nil, timeout: nil, byHand: false)
            }
            ContainerRuntime(of: container)?.buryStrays(except: sessions.map(\.process.identifier))
        }
        for session in sessions { session.addInterests(to: &set) }
        for client in clients { client.addInterests(to: &set) }
        network?.addInterests(to: &set)
        let deadlines = [killDeadline, restartDeadline, quietDeadline, healthDeadline, network?.deadline]
        set.wait(until: (sessions.map(\.deadline) + deadlines).compactMap { $0 }.min())
        clients.removeAll { !$0.isOpen }
        releaseHold()
        advance()
    }

    private var sessions: [ProcessSession] {
        (session.map { [$0] } ?? []) + executions + (probe.map { [$0.session] } ?? [])
    }

    private var healthDeadline: Deadline? {
        guard session != nil, state.status == .running else { return nil }
        return health.map { Deadline(seconds: $0.due) }
    }

    /// Acts on what has become due, and on processes that have ended.
    private func advance() {
        if killDeadline?.hasPassed == true {
            killDeadline = nil
            session?.send(SIGKILL)
        }
        if quietDeadline?.hasPassed == true {
            quietDeadline = nil
            berth_release_memory()
        }
        advanceHealth()
        for execution in executions {
            guard let status = execution.status else { continue }
            // What it left running in the background may hold its streams for ever.
            execution.drain()
            for client in execution.clients { client.finish(with: .exited(status.code)) }
        }
        executions.removeAll { $0.status != nil }
        if let session, let status = session.status {
            session.drain()
            ended(session, with: status)
        }
        if restartDeadline?.hasPassed == true { restart() }
    }

    private func accept() {
        let socket = Glibc.accept(listener, nil, nil)
        guard socket >= 0 else { return }
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        welcome(MonitorClient(socket))
    }

    private func welcome(_ client: MonitorClient) {
        client.onFrame = { [unowned self, unowned client] frame in receive(frame, from: client) }
        clients.append(client)
    }

    // MARK: Starts and ends

    /// Starts the container, for the first time or anew.
    func start(for attachment: AttachRequest?) throws {
        let before = state
        let group = try makeGroup()
        let running: RunningProcess
        do {
            if container.configuration.runtime != nil {
                // A runtime's container outlives a monitor that is killed: whoever looks next must know that there is one.
                state.status = .running
                try save()
            }
            let network = try ContainerNetwork(for: container)
            running = try RunningProcess.first(
                of: container,
                network: network,
                size: attachment?.size,
                group: group
            ) { process in try network.connect(process) }
            self.network = network
        } catch {
            group?.remove()
            state = before
            throw error
        }
        cgroup = group
        let log = ContainerLog(in: container.folder, container.configuration.log)
        session = ProcessSession(
            running,
            log: log,
            inputEndsWithClient: container.configuration.input.endsWithClient
        )
        quietDeadline = .after(seconds: 1)
        state.status = .running
        state.process = running.process.identifier
        state.started = now()
        state.finished = nil
        state.error = nil
        state.wasStoppedByHand = false
        beginHealthChecks()
        state.network = network?.state
        try save()
    }

    private func makeGroup() throws -> ContainerCgroup? {
        let configuration = container.configuration
        // A runtime is told of them by its configuration; an ordinary user has been told that nobody can do it.
        let isRuled = configuration.runtime == nil && !StartPlan.isRootless
        let devices = isRuled ? try configuration.isolation.deviceRules() : nil
        let group = try ContainerCgroup.make(
            for: container.id,
            configuration.resources,
            devices: devices,
            in: container.folder
        )
        guard devices == nil || group != nil else { throw SandboxError.limitNotPossible("the rights of --device") }
        return group
    }

    /// Starts another process in the container for `client`; it runs on when that leaves.
    func execute(_ execution: ExecConfiguration, for client: MonitorClient, as attachment: AttachRequest) throws {
        guard let session else { throw SandboxError.containerIsNotRunning(container.label) }
        guard state.status != .paused else { throw SandboxError.containerIsPaused(container.label) }
        quietDeadline = .after(seconds: 1)
        let running = try RunningProcess.additional(
            execution,
            in: container,
            beside: session.process,
            size: attachment.size,
            group: cgroup
        )
        let added = ProcessSession(running, log: nil, inputEndsWithClient: true)
        executions.append(added)
        client.send(.accepted)
        client.attach(to: added, as: attachment)
    }

    private func ended(_ ended: ProcessSession, with status: ExitStatus) {
        session = nil
        holder = nil
        killDeadline = nil
        network?.release()
        network = nil
        state.network = nil
        state.process = nil
        state.exitStatus = status.code
        state.finished = now()
        state.isOutOfMemory = cgroup?.wasOutOfMemory ?? false
        probe?.session.waitForEnd()
        (health, probe) = (nil, nil)
        ContainerRuntime(of: container)?.delete()
        cgroup?.remove()
        cgroup = nil
        let restarts = !isToEnd && container.configuration.restart.restarts(after: status, count: state.restarts)
        guard restarts else { return }
        // Those who are attached stay so: their container comes back.
        state.status = .restarting
        try? save()
        attached = ended.clients
        restartDeadline = .after(seconds: delay.next(afterRunOf: Double(now() - (state.started ?? now())) / 1e9))
    }

    private func restart() {
        restartDeadline = nil
        guard !isToEnd else { return }
        state.restarts += 1
        do {
            try start(for: nil)
            for client in attached where client.isOpen {
                guard let session, let attachment = client.attachment else { continue }
                client.attach(to: session, as: attachment)
            }
            attached = []
        } catch {
            state.error = "\(error)"
        }
    }

    /// Asks the container to end, and makes sure that it does; it isn't started again.
    ///
    /// - Parameter byHand: whether somebody wants it to stay so.
    func stop(signal: Int32?, timeout: Int?, byHand: Bool = true) {
        isToEnd = true
        if byHand { state.wasStoppedByHand = true }
        restartDeadline = nil
        guard let session else { return }
        // It can't end, nor be killed, where it is held.
        if state.status == .paused { try? resume() }
        session.send(signal ?? container.configuration.stop.signal)
        let seconds = timeout ?? container.configuration.stop.timeout
        guard seconds >= 0 else { return }
        let deadline = Deadline.after(seconds: Double(seconds))
        killDeadline = min(killDeadline ?? deadline, deadline)
    }

    /// Writes down the end, lets the container go, and tells who waits for it.
    private func finish() throws {
        close(listener)
        // The kernel has ended them with the container.
        for execution in executions { execution.waitForEnd() }
        advance()
        Leftovers(container: container).remove(process: nil)
        if startFailure == nil, state.exitStatus != nil { state.status = .exited }
        let waiting = clients.filter { $0.awaitsEnd || $0.attachment != nil || startFailure != nil }
        do {
            try letGo()
            if let startFailure { throw startFailure }
            for client in waiting { client.finish(with: .exited(state.exitStatus ?? 0)) }
        } catch {
            for client in waiting { client.finish(with: .failure(error)) }
        }
        // Only now: nobody has to wait for the disk, too.
        if !container.configuration.isRemovedWhenStopped { ContainerState.synchronize(in: container.folder) }
        Self.linger(for: waiting)
    }

    private func letGo() throws {
        guard container.configuration.isRemovedWhenStopped else {
            try save()
            return lock.release()
        }
        state.status = .removing
        try save()
        // By its name of now: it may have been given another.
        try (container.store.container(container.id) ?? container).remove(holding: lock)
        lock.release()
    }

    func save() throws {
        try state.write(into: container.folder, isDurable: false)
    }

    /// Waits until what was said to the clients has left, for as long as those take it whom the container waited for.
    private static func linger(for clients: [MonitorClient]) {
        let patience = Deadline.after(seconds: 10)
        while case let unsent = clients.filter({ $0.hasUnsent && ($0.isPaced || !patience.hasPassed) }), !unsent.isEmpty
        {
            var set = PollSet()
            for client in unsent { client.addInterests(to: &set) }
            set.wait(until: unsent.contains(where: \.isPaced) ? nil : patience)
        }
    }
}
