import Glibc

/// Starts a container's process on this thread, and stays with it to its end.
struct Supervisor {
    /// As docker's client: whoever asks so often means it.
    private static let requestsBeforeKill = 3

    let container: Container
    let streams: ContainerStreams
    let signals: SignalRelay?

    func run() throws -> ExitStatus {
        let settings = container.configuration.process
        if settings.hasTerminal, let input = streams.input, isatty(input) == 0 {
            throw SandboxError.inputIsNotATerminal
        }
        // A container with a terminal never sees the caller's streams: all goes through its own terminal.
        let piped = settings.hasTerminal ? nil : try PipedStreams(streams)
        let process = try StartedProcess(StartPlan(container, streams: piped?.streams ?? streams))
        piped?.closeContainerEnds()
        let prepared = try process.waitUntilPrepared()
        let terminal = prepared.terminal >= 0 ? TerminalRelay(prepared.terminal, streams: streams) : nil
        let identity = try settings.user.resolved(passwd: prepared.passwd, group: prepared.group)
        try checkMapped(identity)
        terminal?.copyWindowSize()
        try process.execute(as: identity)
        terminal?.begin()
        defer { terminal?.end() }
        watch(process, terminal)
        terminal?.drain()
        let status = try process.wait()
        piped?.drain()
        return status
    }

    private func checkMapped(_ identity: ProcessIdentity) throws {
        guard !StartPlan.isRootless || (identity.user == 0 && identity.group == 0) else {
            throw SandboxError.userNotMapped(container.configuration.process.user.user)
        }
    }

    /// Passes signals, input and output on until the process has ended.
    private func watch(_ process: StartedProcess, _ terminal: TerminalRelay?) {
        var requestsToEnd = 0
        while true {
            var descriptors = [
                pollfd(fd: process.descriptor, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            descriptors += terminal?.interests ?? []
            let timeout = terminal?.pause ?? -1
            guard poll(&descriptors, nfds_t(descriptors.count), timeout) >= 0 || errno == EINTR else { return }
            if descriptors[1].revents != 0 {
                for signal in signals?.received() ?? [] {
                    if signal == SIGTERM || signal == SIGINT { requestsToEnd += 1 }
                    pass(requestsToEnd >= Self.requestsBeforeKill ? SIGKILL : signal, to: process, terminal)
                }
            }
            terminal?.advance(descriptors[2...])
            // Nobody sees what it says any more; at a terminal of its own it would never learn that.
            if terminal?.isOutputBroken == true { process.signal(SIGKILL) }
            if descriptors[0].revents != 0 { return }
        }
    }

    private func pass(_ signal: Int32, to process: StartedProcess, _ terminal: TerminalRelay?) {
        switch signal {
        case SIGPIPE: return
        // The kernel tells the programs at the terminal itself.
        case SIGWINCH where terminal != nil: terminal?.copyWindowSize()
        default: process.signal(signal)
        }
    }
}
