import CSandbox
import Glibc
import SystemPackage

extension ContainerRuntime {
    /// Starts the container's first process; as ``RunningProcess/first(of:network:size:group:prepare:)``.
    func start(
        network: ContainerNetwork,
        size: WindowSize?,
        group: ContainerCgroup?,
        prepare: (pid_t) throws -> Void
    ) throws -> RunningProcess {
        try program.check()
        try container.configuration.checkRuntime()
        let error = berth_adopt_orphans()
        guard error == 0 else {
            throw SandboxError.startFailed(step: "cannot adopt processes", subject: "", Errno(rawValue: error))
        }
        try prepareFolder()
        let settings = container.configuration.process
        do {
            let running = try withStreams(settings, hasInput: container.configuration.input.isOpen, size: size) {
                console,
                streams in
                let creation = try begin(
                    ["create", "--bundle", folder.string] + options(console: console) + [container.id.rawValue],
                    root: container,
                    streams: streams
                )
                let accounts = try creation.waitUntilPrepared()
                let identity = try settings.user.resolved(
                    passwd: accounts.passwd,
                    group: accounts.group,
                    adding: container.configuration.isolation.groups
                )
                let specification = try RuntimeSpecification(
                    container,
                    network: network,
                    identity: identity,
                    size: size,
                    root: container.folder.appending("root"),
                    group: group
                )
                try write(specification, as: "config.json")
                try creation.execute(as: identity)
                try finish(creation, command: settings.arguments[0])
            }
            return try running.orClosed {
                try group?.admit(running.process.identifier)
                try prepare(running.process.identifier)
                try run(["start", container.id.rawValue])
            }
        } catch {
            delete()
            throw error
        }
    }

    /// Starts another process beside the first; as ``RunningProcess/additional(_:in:beside:size:group:)``.
    func execute(
        _ execution: ExecConfiguration,
        beside first: StartedProcess,
        size: WindowSize?,
        group: ContainerCgroup?
    ) throws -> RunningProcess {
        try program.check()
        func accounts(_ path: String) throws -> AccountFile {
            try AccountFile(reading: berth_open_in_container(first.identifier, path))
        }
        let identity = try execution.process.user.resolved(
            passwd: try accounts("/etc/passwd"),
            group: try accounts("/etc/group"),
            adding: container.configuration.isolation.groups
        )
        var process = RuntimeSpecification.Process(
            execution.process,
            of: container,
            identity: identity,
            isPrivileged: execution.isPrivileged
        )
        process.consoleSize = size.map { .init(height: $0.rows, width: $0.columns) }
        let file = try write(process, as: "process.json")
        let running = try withStreams(execution.process, hasInput: execution.isInputOpen, size: size) {
            console,
            streams in
            let arguments = ["exec", "--detach", "--process", file.string]
            let started = try begin(arguments + options(console: console) + [container.id.rawValue], streams: streams)
            try started.execute(as: identity)
            try finish(started, command: execution.process.arguments[0])
        }
        return try running.orClosed { try group?.admit(running.process.identifier) }
    }

    /// Makes the streams of a process, lets `body` start it, and takes over what the runtime leaves of both.
    private func withStreams(
        _ process: ContainerProcess,
        hasInput: Bool,
        size: WindowSize?,
        _ body: (RuntimeConsole?, ContainerStreams) throws -> Void
    ) throws -> RunningProcess {
        let console = process.hasTerminal ? try RuntimeConsole(in: folder) : nil
        // Without input it is a pipe that nobody writes to: /dev/null would be the host's.
        var streams = process.hasTerminal ? .pending : try SessionStreams.pipes(hasInput: true)
        do {
            if !hasInput { streams.closeInput() }
            try body(console, streams.forProcess)
            streams.closeProcessSides()
            let started = try startedProcess()
            if let terminal = try console?.terminal() {
                try streams.take(terminal: terminal, hasInput: hasInput)
                if let size { _ = berth_set_window_size(terminal, size.rows, size.columns) }
            }
            return RunningProcess(process: started, streams: streams)
        } catch {
            streams.closeAll()
            throw error
        }
    }
}

extension RunningProcess {
    /// The process once `body` is done; without it its streams are closed.
    fileprivate func orClosed(_ body: () throws -> Void) throws -> RunningProcess {
        do {
            try body()
            return self
        } catch {
            var streams = streams
            streams.closeAll()
            throw error
        }
    }
}
