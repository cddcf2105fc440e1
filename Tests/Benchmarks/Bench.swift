import Foundation
import Glibc
import SystemPackage

/// What every benchmark shares: the folder on the disk under test, the programs, sizes, and random bytes.
final class Bench {
    let folder: FilePath
    let berthd: String
    let berth: String
    let settings: Settings
    let random: RandomBytes
    /// The large blob that is pulled.
    private(set) lazy var largeBlob = random.freshBody(count: settings.blobSize)
    private var freshFolders = 0
    /// Folders that were filled once and serve every round, or can't be filled, by their name.
    private var filled: [String: Swift.Result<Void, any Error>] = [:]

    init(folder: FilePath, berthd: String, berth: String, settings: Settings) throws {
        // Absolute, since nginx takes a relative path for one below its own prefix.
        let folder = FilePath(FileManager.default.currentDirectoryPath).pushing(folder).lexicallyNormalized()
        self.folder = folder
        self.berthd = berthd
        self.berth = berth
        self.settings = settings
        // A run before that was killed may have left its engines' mounts.
        Self.unmount(below: folder)
        try? FileManager.default.removeItem(atPath: folder.string)
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        random = try RandomBytes(count: max(settings.blobSize, settings.crowdBlobSize))
    }

    /// Runs `body` with a new and empty folder, whose files are emptied afterwards.
    func withFreshFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
        // A name of its own, so that what couldn't be removed is in nobody's way.
        freshFolders += 1
        let fresh = folder.appending("fresh-\(freshFolders)")
        try FileManager.default.createDirectory(atPath: fresh.string, withIntermediateDirectories: true)
        // What an earlier sample left to be written isn't this one's work.
        sync()
        defer { Self.empty(fresh) }
        return try body(fresh)
    }

    /// Gives back the space of all files in a folder, behind the mounts that an engine has left there.
    ///
    /// They go only at the very end: for some minutes after a file is deleted, ext4 doesn't give its inode away again,
    /// and whoever makes files in that time waits while it looks for others.
    private static func empty(_ folder: FilePath) {
        unmount(below: folder)
        _ = try? Program.run(
            "find",
            folder.string,
            "-xdev",
            "-type",
            "f",
            "-exec",
            "truncate",
            "--no-create",
            "--size=0",
            "{}",
            "+"
        )
    }

    private static func unmount(below folder: FilePath) {
        let mounts = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8)) ?? ""
        for line in mounts.split(separator: "\n").reversed() {
            let fields = line.split(separator: " ")
            guard fields.count > 1, fields[1].hasPrefix("\(folder)/") else { continue }
            umount2(String(fields[1]), Int32(MNT_DETACH))
        }
    }

    /// The folder `name`, which `fill` fills the first time that it is asked for.
    func filledFolder(_ name: String, _ fill: (FilePath) throws -> Void) throws -> FilePath {
        let path = folder.appending(name)
        let outcome =
            filled[name]
            ?? Swift.Result {
                try? FileManager.default.removeItem(atPath: path.string)
                try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
                try fill(path)
                sync()
            }
        filled[name] = outcome
        try outcome.get()
        return path
    }

    /// Starts `contestant` on `data`, runs `body`, and stops it.
    func withServer<Result>(
        _ contestant: Contestant,
        data: FilePath,
        _ body: (Server) throws -> Result
    ) throws -> Result {
        let server = try Server.start(contestant, data: data, on: self)
        defer { server.stop() }
        return try body(server)
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: folder.string)
    }
}
