import FoundationEssentials
import Glibc

extension Monitor {
    /// Acts on what a client says.
    func receive(_ frame: MonitorFrame, from client: MonitorClient) {
        if let session = client.session { return session.receive(frame, from: client) }
        guard case .request(let bytes) = frame else { return }
        do {
            try serve(try JSONDecoder().decode(MonitorRequest.self, from: Data(bytes)), of: client)
        } catch {
            client.finish(with: .failure(error))
        }
    }

    private func serve(_ request: MonitorRequest, of client: MonitorClient) throws {
        switch request {
        case .start(let attachment): try serveStart(of: client, as: attachment)
        case .attach(let attachment):
            guard let session else { throw SandboxError.containerIsNotRunning(container.label) }
            client.send(.accepted)
            client.attach(to: session, as: attachment)
        case .execute(let configuration, let attachment):
            try execute(configuration, for: client, as: attachment)
        case .signal(let signal):
            guard let session else { throw SandboxError.containerIsNotRunning(container.label) }
            if signal == SIGKILL || signal == container.configuration.stop.signal {
                isToEnd = true
                state.wasStoppedByHand = true
            }
            session.send(signal)
            // As docker does: one that is held could not even be killed.
            if signal == SIGKILL, state.status == .paused { try resume() }
            client.finish(with: .accepted)
        case .stop(let signal, let timeout):
            client.awaitsEnd = true
            stop(signal: signal, timeout: timeout)
        case .wait:
            client.awaitsEnd = true
        case .pause:
            try pause()
            client.finish(with: .accepted)
        case .hold:
            try pause()
            holder = client
            client.send(.accepted)
        case .resume:
            guard state.status == .paused else { throw SandboxError.containerIsNotPaused(container.label) }
            try resume()
            client.finish(with: .accepted)
        }
    }

    private func serveStart(of client: MonitorClient, as attachment: AttachRequest) throws {
        guard session == nil else { throw SandboxError.containerIsRunning(container.label) }
        state.restarts = 0
        do {
            try start(for: attachment)
        } catch {
            state.error = "\(error)"
            state.exitStatus = MonitorFailure(error).error.exitStatus
            startFailure = error
            return
        }
        client.send(.accepted)
        if let session { client.attach(to: session, as: attachment) }
    }
}

extension Monitor {
    private func pause() throws {
        guard session != nil else { throw SandboxError.containerIsNotRunning(container.label) }
        guard state.status != .paused else { throw SandboxError.containerIsPaused(container.label) }
        guard let cgroup else { throw SandboxError.limitNotPossible("pausing") }
        try cgroup.freeze()
        state.status = .paused
        try save()
    }

    /// Lets the container go on that was held for a client, once that has left: it may have been killed.
    func releaseHold() {
        guard let holder, !holder.isOpen else { return }
        self.holder = nil
        if state.status == .paused { try? resume() }
    }

    func resume() throws {
        holder = nil
        try cgroup?.thaw()
        state.status = .running
        try save()
    }
}

extension MonitorFrame {
    static func failure(_ error: any Error) -> MonitorFrame {
        .failed((try? JSONEncoder().encode(MonitorFailure(error))).map { Array($0) } ?? [])
    }
}
