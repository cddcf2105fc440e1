import Glibc
import ImageSpec
import SystemPackage
import Testing

/// Many `berth` processes on one store, some of them killed.
@Suite("One store, many processes", .timeLimit(.minutes(5)))
struct ConcurrentStoreTests {
    /// The image is here, whole: every blob is what its name says, and it unpacks.
    private static func expectWhole(_ name: String, in berth: Berth) async throws {
        for (blob, digest) in try BlobSet(layout: berth.root.appending("images")).digests {
            #expect(blob == digest.hex)
        }
        let saved = try await berth("save", name).run()
        #expect(saved.status == .exited(0), "\(saved.errorText)")
    }

    @Test("rmi, prune, load, save, tag and images at once end each in its own way, and the store is whole")
    func everythingAtOnce() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let berth = images.berth
            for number in 0..<4 { try await images.add("app:\(number)", content: "\(number)") }
            let archive = bench.folder.appending("a.tar").string
            try await berth("save", "-o", archive, "app").output()

            let results = try await withThrowingTaskGroup(of: (String, CommandResult).self) { group in
                for round in 0..<6 {
                    let number = round % 4
                    for arguments in [
                        ["rmi", "app:\(number)"], ["image", "prune", "-f"], ["load", "-i", archive],
                        ["save", "-o", bench.folder.appending("s\(round)").string, "app:\(number)"], ["images"],
                        ["tag", "app:\(number)", "copy:\(round)"], ["image", "prune", "-af"],
                    ] {
                        let command = Command(berth().program, berth().arguments + arguments)
                        group.addTask { (arguments[0], try await command.run()) }
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            for (command, result) in results where result.status != .exited(0) {
                // Somebody else may have removed the image before; nothing else may go wrong.
                #expect(
                    ["rmi", "save", "tag"].contains(command) && result.errorText.contains("no such image"),
                    "\(command): \(result.errorText)"
                )
            }
            try await berth("load", "-i", archive).output()
            for number in 0..<4 { try await Self.expectWhole("app:\(number)", in: berth) }
            try await berth("image", "prune", "-af").output()
            #expect(try images.blobs().digests.isEmpty)
            for folder in ["tmp", "leases", "layers/sha256", "layers/locks", "layers/sizes"] {
                #expect(try names(in: berth.root.appending(folder)) == [])
            }
        }
    }

    @Test("an image that is pruned while it is pulled is whole when the pull ends", .needs("skopeo", "umoci"))
    func pruneBesidePull() async throws {
        let busybox = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let berth = try Berth(on: bench)
            let name = registry.name("busybox")
            try await Skopeo.copy(busybox.ociName, to: "docker://\(name)", "--preserve-digests")
            for _ in 0..<5 {
                try await withThrowingTaskGroup(of: CommandResult.self) { group in
                    group.addTask { try await berth("pull", "-q", name).run() }
                    for _ in 0..<4 { group.addTask { try await berth("image", "prune", "-f").run() } }
                    for try await result in group { #expect(result.status == .exited(0), "\(result.errorText)") }
                }
                try await Self.expectWhole(name, in: berth)
                try await berth("rmi", name).output()
            }
        }
    }

    @Test("processes killed at any instant leave a store that works, and nothing that prune doesn't take")
    func killed() async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            let berth = images.berth
            for number in 0..<3 { try await images.add("app:\(number)", content: "\(number)") }
            let archive = bench.folder.appending("a.tar").string
            try await berth("save", "-o", archive, "app").output()
            let commands = [
                ["load", "-i", archive], ["rmi", "app:1"], ["image", "prune", "-af"], ["load", "-i", archive],
                ["tag", "app:0", "copy"], ["import", "/usr/share/doc/bash"],
            ]
            for round in 0..<36 {
                let running = try Command(berth().program, berth().arguments + commands[round % commands.count]).start()
                try await Task.sleep(for: .milliseconds(Int.random(in: 0...60)))
                await running.kill()
                #expect(try await berth("images").run().status == .exited(0))
            }
            try await berth("load", "-i", archive).output()
            for number in 0..<3 { try await Self.expectWhole("app:\(number)", in: berth) }
            try await berth("image", "prune", "-af").output()
            #expect(try images.blobs().digests.isEmpty)
            for folder in ["tmp", "leases", "layers/sha256", "layers/locks"] {
                #expect(try names(in: berth.root.appending(folder)) == [])
            }
        }
    }
}
