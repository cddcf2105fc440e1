import Glibc

extension Container {
    /// Sends a signal to the container's first process.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``.
    package func kill(with signal: Int32) throws {
        let connection = try MonitorConnection.open(to: self)
        try connection.send(MonitorRequest.signal(signal))
        _ = try connection.answer()
    }

    /// Asks the container to end, and kills it when it hasn't in time; returns when it has ended.
    ///
    /// - Parameters:
    ///   - signal: nil for the container's own stop signal.
    ///   - timeout: in seconds, negative for ever; nil for the container's own.
    /// - Returns: its exit status; nil when it didn't run.
    @discardableResult
    package func stop(signal: Int32? = nil, timeout: Int? = nil) throws -> Int32? {
        try awaitEnd(.stop(signal: signal, timeout: timeout))
    }

    /// Waits for the container's end.
    ///
    /// - Returns: its exit status; nil when it didn't run.
    package func wait() throws -> Int32? {
        try awaitEnd(.wait)
    }

    /// Stops all of the container's processes where they are.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``, ``SandboxError/containerIsPaused(_:)``,
    ///   ``SandboxError/limitNotPossible(_:)``.
    package func pause() throws {
        let connection = try MonitorConnection.open(to: self)
        try connection.send(.pause)
        _ = try connection.answer()
    }

    /// Lets them go on.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``, ``SandboxError/containerIsNotPaused(_:)``.
    package func resume() throws {
        let connection = try MonitorConnection.open(to: self)
        try connection.send(.resume)
        _ = try connection.answer()
    }

    /// Stops all of the container's processes until the hold is released, or this process ends, whatever ends it.
    ///
    /// - Throws: as ``pause()``.
    package func hold() throws -> ContainerHold {
        let connection = try MonitorConnection.open(to: self)
        try connection.send(.hold)
        _ = try connection.answer()
        return ContainerHold(connection)
    }

    /// The group of its processes; nil when it has none.
    package var cgroup: ContainerCgroup? { ContainerCgroup.find(of: id, in: folder) }

    private func awaitEnd(_ request: MonitorRequest) throws -> Int32? {
        do {
            let connection = try MonitorConnection.open(to: self)
            try connection.send(request)
            guard case .exited(let status) = try connection.answer() else { return nil }
            return status
        } catch SandboxError.containerIsNotRunning {
            return nil
        } catch SandboxError.monitorEnded {
            // It was about to leave when we came, or was killed.
            try store.reap()
            return try state().exitStatus
        }
    }
}
