extension Container {
    /// Runs another process in the container, and leaves it to itself.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``, ``SandboxError/commandNotFound(_:)``,
    ///   ``SandboxError/commandNotExecutable(_:_:)``, …
    package func execute(_ execution: ExecConfiguration) throws {
        let connection = try MonitorConnection.open(to: self)
        try connection.send(.execute(execution, AttachRequest()))
        _ = try connection.answer()
    }

    /// Runs another process in the container with the caller's streams, on a thread that may wait.
    ///
    /// - Throws: as ``execute(_:)``; ``SandboxError/inputIsNotATerminal``, ``SandboxError/monitorEnded(_:)``.
    package func execute(
        _ execution: ExecConfiguration,
        streams: ContainerStreams,
        options: AttachOptions = AttachOptions()
    ) async throws -> AttachedProcess.End {
        let hasTerminal = execution.process.hasTerminal
        return try await withOwnThread {
            try checkInput(streams, hasTerminal: hasTerminal)
            let signals = options.relaysSignals ? try SignalRelay() : nil
            let connection = try MonitorConnection.open(to: self)
            var request = attachRequest(streams, options, hasTerminal: hasTerminal)
            request.isPaced = true
            try connection.send(.execute(execution, request))
            _ = try connection.answer()
            return try AttachedProcess(
                connection,
                streams: streams,
                hasTerminal: hasTerminal,
                detachKeys: options.detachKeys,
                signals: signals
            ).run()
        }.get()
    }
}
