import SystemPackage

/// The busybox image in a local store of `berth`'s own, pulled from a registry, as an ordinary user would have it.
struct LocalBusybox: Sendable {
    let berth: Berth
    let registry: RunningRegistry
    /// The image's name.
    let name: String

    /// Starts a registry on the bench, pushes the image to it by skopeo, and pulls it by berth.
    init(on bench: TestBench) async throws {
        let image = try await BusyboxImage.shared()
        registry = try await Berthd.start(on: bench)
        name = registry.name("team/busybox")
        try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
        berth = try Berth(on: bench)
        try await berth("pull", name).output()
    }

    /// Runs `command` in a container that is removed after.
    func run(_ options: [String] = [], _ command: String...) async throws -> CommandResult {
        try await self.command(options, command).run()
    }

    /// `berth run --rm` with `options` before the image and `command` behind it.
    func command(_ options: [String] = [], _ command: [String]) -> Command {
        BuiltProgram.berth.command(["--root", berth.root.string, "run", "--rm"] + options + [name] + command)
    }
}
