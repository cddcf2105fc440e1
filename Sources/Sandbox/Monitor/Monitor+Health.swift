import Glibc

/// A look at how the container is, that is under way.
final class HealthProbe {
    let session: ProcessSession
    let start = now()
    private(set) var output: [UInt8] = []
    var wasGivenUp = false

    init(_ running: RunningProcess) {
        session = ProcessSession(running, log: nil, inputEndsWithClient: true)
        session.onOutput = { [unowned self] bytes in
            output += bytes.prefix(HealthCheck.maximumOutput - output.count)
        }
    }
}

extension Monitor {
    /// Begins to look how the container is, where it says how.
    func beginHealthChecks() {
        probe = nil
        health = container.configuration.health.map { HealthCheck($0, now: Deadline.now) }
        state.health = health?.state
    }

    /// Looks, or gives a look up, when that is due; takes in one that has ended.
    func advanceHealth() {
        guard session != nil, health != nil else { return }
        if let probe, let status = probe.session.status {
            probe.session.drain()
            self.probe = nil
            takeIn(
                HealthState.Look(
                    start: probe.start,
                    end: now(),
                    exitStatus: probe.wasGivenUp ? -1 : status.code,
                    output: String(decoding: probe.output, as: UTF8.self)
                )
            )
        }
        // One that is held can't answer; it is no worse for that.
        guard state.status == .running else { return }
        switch health?.step(now: Deadline.now) {
        case .look: look()
        case .giveUp:
            probe?.wasGivenUp = true
            probe?.session.send(SIGKILL)
        case nil: break
        }
    }

    private func look() {
        guard let session, let health else { return }
        let first = container.configuration.process
        var defaults = ProcessDefaults()
        defaults.command = health.configuration.arguments
        defaults.environment = first.environment
        defaults.workingDirectory = first.workingDirectory
        defaults.user = "\(first.user)"
        do {
            let execution = ExecConfiguration(process: try ContainerProcess(defaults))
            probe = HealthProbe(
                try RunningProcess.additional(
                    execution,
                    in: container,
                    beside: session.process,
                    size: nil,
                    group: cgroup
                )
            )
        } catch {
            let status = MonitorFailure(error).error.exitStatus
            takeIn(HealthState.Look(start: now(), end: now(), exitStatus: status, output: "\(error)"))
        }
    }

    private func takeIn(_ look: HealthState.Look) {
        _ = health?.looked(look, now: Deadline.now)
        state.health = health?.state
        try? save()
    }
}
