import SystemPackage

/// The busybox image in a local store, whose containers are run by an OCI runtime.
struct RuntimeBusybox: Sendable {
    let busybox: LocalBusybox
    let runtime: ContainerRuntime

    init(_ runtime: ContainerRuntime, on bench: TestBench) async throws {
        busybox = try await LocalBusybox(on: bench)
        self.runtime = runtime
    }

    var name: String { busybox.name }

    func berth(_ arguments: String...) -> Command { berth(arguments) }

    func berth(_ arguments: [String]) -> Command { runtime.seeing(busybox.berth(arguments)) }

    /// `berth run` with `options` before the image and `command` behind it.
    func command(_ options: [String], _ command: [String]) -> Command {
        berth(["run", "--runtime", runtime.rawValue] + options + [name] + command)
    }

    func run(_ options: [String] = [], _ command: String...) async throws -> CommandResult {
        try await self.command(["--rm"] + options, command).run()
    }

    /// Starts a container on its own, and returns its ID.
    @discardableResult
    func start(_ options: [String], _ command: String...) async throws -> String {
        try await self.command(["-d"] + options, command).output()
    }

    /// `ps -a` by a template, a line each.
    func list(_ template: String) async throws -> [String] {
        try await berth("ps", "-a", "--format", template).output().split(separator: "\n").map(String.init)
    }

    /// What containers with these IDs have outside of their folders: mounts and control groups.
    func traces(of containers: String...) async throws -> String {
        let groups = containers.map { "-name '\($0)'" }.joined(separator: " -o ")
        let script = "grep -F '\(busybox.berth.root)' /proc/self/mountinfo; find /sys/fs/cgroup -type d \(groups)"
        return try await runtime.seeing(Command("sh", "-c", script)).run().text
    }
}
