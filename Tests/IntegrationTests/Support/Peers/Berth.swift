import SystemPackage

/// Our own client, with a root folder of its own.
struct Berth: Sendable {
    let root: FilePath

    init(on bench: TestBench, root name: String = "berth") throws {
        root = try bench.makeFolder(name)
    }

    func callAsFunction(_ arguments: String...) -> Command {
        BuiltProgram.berth.command(["--root", root.string] + arguments)
    }
}
