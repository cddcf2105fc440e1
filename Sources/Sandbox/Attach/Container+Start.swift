import Glibc

/// How a client goes along with a process that it starts or attaches to.
package struct AttachOptions: Sendable {
    package var detachKeys = DetachKeys.standard
    /// Whether this program's signals go to the process instead; of one process at a time.
    package var relaysSignals = true
    /// Which outputs are of interest.
    package var outputs = Set(OutputStream.allCases)

    package init() {}
}

extension Container {
    /// Starts the container, which runs on when this program has ended.
    ///
    /// - Throws: ``SandboxError/commandNotFound(_:)``, ``SandboxError/commandNotExecutable(_:_:)``,
    ///   ``SandboxError/refusedByMonitor(_:)``, …
    package func start() throws {
        let connection = try MonitorProgram().start(for: self)
        try connection.send(.start(AttachRequest()))
        _ = try connection.answer()
    }

    /// Starts the container with the caller's streams attached: not a byte that it writes is missed, and it writes no
    /// faster than the caller takes it.
    ///
    /// - Throws: as ``start()``; ``SandboxError/inputIsNotATerminal``.
    package func start(
        attaching streams: ContainerStreams,
        options: AttachOptions = AttachOptions()
    ) throws -> AttachedProcess {
        try checkInput(streams, hasTerminal: configuration.process.hasTerminal)
        // Before the container is there: not a signal is to be lost, either.
        let signals = options.relaysSignals ? try SignalRelay() : nil
        let connection = try MonitorProgram().start(for: self)
        var request = attachRequest(streams, options, hasTerminal: configuration.process.hasTerminal)
        request.isPaced = true
        try connection.send(.start(request))
        _ = try connection.answer()
        return attached(connection, streams, options, signals)
    }

    /// Starts the container and goes along with it to its end, on a thread that may wait.
    ///
    /// - Throws: as ``start(attaching:options:)`` and ``AttachedProcess/run()``.
    package func run(
        streams: ContainerStreams,
        options: AttachOptions = AttachOptions()
    ) async throws -> AttachedProcess.End {
        try await withOwnThread { try start(attaching: streams, options: options).run() }.get()
    }

    /// Attaches the caller's streams to the container's first process, which runs already.
    ///
    /// - Throws: ``SandboxError/containerIsNotRunning(_:)``, ``SandboxError/inputIsNotATerminal``.
    package func attach(_ streams: ContainerStreams, options: AttachOptions = AttachOptions()) throws -> AttachedProcess
    {
        try checkInput(streams, hasTerminal: configuration.process.hasTerminal)
        let signals = options.relaysSignals ? try SignalRelay() : nil
        let connection = try MonitorConnection.open(to: self)
        try connection.send(.attach(attachRequest(streams, options, hasTerminal: configuration.process.hasTerminal)))
        _ = try connection.answer()
        return attached(connection, streams, options, signals)
    }

    /// Attaches the caller's streams and goes along with the container, on a thread that may wait.
    ///
    /// - Throws: as ``attach(_:options:)`` and ``AttachedProcess/run()``.
    package func follow(
        streams: ContainerStreams,
        options: AttachOptions = AttachOptions()
    ) async throws -> AttachedProcess.End {
        try await withOwnThread { try attach(streams, options: options).run() }.get()
    }

    func checkInput(_ streams: ContainerStreams, hasTerminal: Bool) throws {
        guard hasTerminal, let input = streams.input, isatty(input) == 0 else { return }
        throw SandboxError.inputIsNotATerminal
    }

    func attachRequest(
        _ streams: ContainerStreams,
        _ options: AttachOptions,
        hasTerminal: Bool
    ) -> AttachRequest {
        var request = AttachRequest()
        request.input = streams.input != nil
        request.outputs = options.outputs
        if hasTerminal { request.size = WindowSize(of: streams) }
        return request
    }

    private func attached(
        _ connection: MonitorConnection,
        _ streams: ContainerStreams,
        _ options: AttachOptions,
        _ signals: SignalRelay?
    ) -> AttachedProcess {
        AttachedProcess(
            connection,
            streams: streams,
            hasTerminal: configuration.process.hasTerminal,
            detachKeys: options.detachKeys,
            signals: signals
        )
    }
}
