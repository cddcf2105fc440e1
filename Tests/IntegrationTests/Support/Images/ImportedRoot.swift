import Glibc
import SystemPackage

/// An image of busybox and whatever a test adds to it, hostile or not, in a local store of `berth`'s own.
struct ImportedRoot: Sendable {
    let berth: Berth
    let folder: FilePath
    let name: String

    /// - Parameters:
    ///   - script: run by sh in the image's root folder, before it becomes the image.
    ///   - changes: as `berth import --change` takes them.
    init(on bench: TestBench, script: String = "", changes: [String] = []) async throws {
        berth = try Berth(on: bench)
        folder = try bench.makeFolder("image-root")
        name = "test/root:1"
        let base = """
            set -e; cd \(folder); mkdir -p bin etc proc sys dev tmp root; cp /bin/busybox bin/
            for applet in $(/bin/busybox --list | grep -v '^busybox$'); do ln -s busybox bin/$applet; done
            printf 'root:x:0:0:root:/root:/bin/sh\\nuser:x:1000:1000::/home/user:/bin/sh\\n' > etc/passwd
            printf 'root:x:0:\\nuser:x:1000:\\n' > etc/group
            """
        try await Command("sh", "-c", "\(base)\n\(script)").output()
        let options = changes.flatMap { ["--change", $0] }
        try await berth(["import"] + options + [folder.string, name]).output()
    }

    /// `berth run --rm` with `options` before the image and `command` behind it.
    func run(_ options: [String] = [], _ command: String...) async throws -> CommandResult {
        try await berth(["run", "--rm"] + options + [name] + command).run()
    }

    /// Starts a container on its own.
    func start(_ options: [String] = [], _ command: String...) async throws {
        try await berth(["run", "-d"] + options + [name] + command).output()
    }
}
