import SystemPackage

/// A store of `berth`'s with small images made on the spot, without any registry.
struct LocalImages: Sendable {
    let berth: Berth
    private let folder: FilePath

    init(on bench: TestBench, root name: String = "berth") throws {
        berth = try Berth(on: bench, root: name)
        folder = bench.folder
    }

    /// Imports an image of one file, `/content`, and busybox.
    ///
    /// - Parameter changes: Dockerfile instructions.
    /// - Returns: its ID.
    @discardableResult
    func add(_ name: String, content: String, changes: String...) async throws -> String {
        let root = folder.appending("root-\(UInt64.random(in: 0 ... .max))")
        try makeFolder(root.appending("bin"))
        try await Command("cp", "/bin/busybox", root.appending("bin/sh").string).output()
        try write(content, to: root.appending("content"))
        let options = changes.flatMap { ["--change", $0] }
        let name = name.isEmpty ? [] : [name]
        return try await Command(
            BuiltProgram.berth.path.string,
            ["--root", berth.root.string, "import"] + options + [root.string] + name
        ).output()
    }

    /// The digests of all blobs.
    func blobs() throws -> BlobSet { try BlobSet(layout: berth.root.appending("images")) }
}
