import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Layer store")
struct LayerStoreTests {
    private static let archive = TarBuilder.archive { builder in
        for number in 0..<200 { builder.add("folder-\(number)/file", content: "content of \(number)") }
    }

    @Test("many who ask for one layer at once get it once")
    func concurrency() async throws {
        let fixture = try LayerFixture()
        let path = try fixture.blob(Self.archive)
        let diffID = Digest.of(Self.archive)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<8 { group.addTask { try await fixture.store.unpack(blobAt: path, as: diffID) } }
            try await group.waitForAll()
        }
        #expect(try fixture.layers == [diffID.hex])
        #expect(try fixture.litter.isEmpty)
    }

    @Test("a layer that is there is not unpacked again")
    func alreadyThere() async throws {
        let fixture = try LayerFixture()
        let layer = try await fixture.unpack(Self.archive)
        try FileManager.default.removeItem(atPath: layer.appending("folder-0").string)
        try await fixture.store.unpack(blobAt: "/nowhere", as: Digest.of(Self.archive))
        #expect(!FileManager.default.fileExists(atPath: layer.appending("folder-0").string))
    }

    @Test("an unpacking that is cancelled leaves nothing behind")
    func cancellation() async throws {
        let fixture = try LayerFixture()
        let archive = TarBuilder.archive { builder in
            for number in 0..<4000 { builder.add("file-\(number)", content: "x") }
        }
        let path = try fixture.blob(archive)
        let task = Task { try await fixture.store.unpack(blobAt: path, as: .of(archive)) }
        while try fixture.litter.count < 2 { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        await #expect(throws: (any Error).self) { try await task.value }
        #expect(try fixture.layers.isEmpty)
        #expect(try fixture.litter.isEmpty)
    }

    @Test("a layer goes whole, however deep it is and whatever modes its folders have")
    func removal() async throws {
        let fixture = try LayerFixture()
        let archive = TarBuilder.archive { builder in
            let deep = String(repeating: "deep/", count: 400)
            builder.addRecords([("path", deep)])
            builder.add("deep", .folder, mode: 0o000)
            // Through the link the path gets longer than any system call takes.
            builder.addRecords([("linkpath", deep)])
            builder.add("link", .symbolicLink, link: "cut off")
            builder.addRecords([("path", "link/" + deep)])
            builder.add("deeper", .folder, mode: 0o000)
            builder.add("link/file", content: "x")
        }
        let layer = try await fixture.unpack(archive)
        #expect(FileManager.default.fileExists(atPath: layer.string))
        try fixture.store.remove(.of(archive))
        try fixture.store.remove(.of(archive))
        #expect(try fixture.layers.isEmpty)
        #expect(try fixture.litter.isEmpty)
    }

    @Test("no other user of the host can reach the layers")
    func privacy() async throws {
        let fixture = try LayerFixture()
        try await fixture.unpack(Self.archive)
        #expect(try Shell.run("stat -c %a \(fixture.root)/layers \(fixture.root)/tmp") == "700\n700\n")
    }

    @Test("a program that is no applier is told from a bad layer")
    func wrongProgram() async throws {
        let fixture = try LayerFixture()
        let store = try LayerStore(root: fixture.root, program: "/bin/true")
        let path = try fixture.blob(Self.archive)
        let diffID = Digest.of(Self.archive)
        let failure = ImageStoreError.applierFailed(diffID, reason: "its process ended without a report")
        await #expect(throws: failure) { try await store.unpack(blobAt: path, as: diffID) }
        #expect(try fixture.litter.isEmpty)
    }
}
