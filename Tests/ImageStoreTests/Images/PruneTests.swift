import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Pruning")
struct PruneTests {
    private func exists(_ path: String, in fixture: TemporaryStore) -> Bool {
        FileManager.default.fileExists(atPath: "\(fixture.root)/\(path)")
    }

    @Test("images without a name go with their content, named ones stay")
    func dangling() throws {
        let fixture = try TemporaryStore()
        let old = try fixture.add("app", layers: ["old", "shared"])
        let new = try fixture.add("app", layers: ["new", "shared"])
        let report = try fixture.store.prune()
        #expect(report.untagged == [] && report.deleted.contains(old.id))
        #expect(report.reclaimed > 0)
        let layout = fixture.store.layout
        #expect(!layout.contains(old.content.layers[0].digest))
        #expect(new.content.layers.map(\.digest).allSatisfy(layout.contains))
        #expect(try fixture.store.images().map(\.id) == [new.id])
    }

    @Test("with `all` named images go too, but not those that somebody works with")
    func all() throws {
        let fixture = try TemporaryStore()
        let used = try fixture.add("used", layers: ["a"])
        try fixture.add("idle", layers: ["b"])
        let lease = try fixture.store.lease(used)
        #expect(try fixture.store.prune(all: true).untagged == [try ImageReference("idle")])
        #expect(try fixture.store.images().map(\.id) == [used.id])
        withExtendedLifetime(lease) {}
    }

    @Test("only images that the caller wants to go, go")
    func condition() throws {
        let fixture = try TemporaryStore()
        try fixture.add("one", layers: ["a"], author: "me")
        let kept = try fixture.add("two", layers: ["b"], author: "you")
        _ = try fixture.store.prune(all: true) { $0.config.author == "me" }
        #expect(try fixture.store.images().map(\.id) == [kept.id])
    }

    @Test("blobs that nothing names go, unless a lease holds them")
    func blobs() throws {
        let fixture = try TemporaryStore()
        let layout = fixture.store.layout
        let (loose, held) = (Digest.of("loose".utf8), Digest.of("held".utf8))
        try layout.store(Array("loose".utf8), as: loose)
        try layout.store(Array("held".utf8), as: held)
        let lease = try layout.lease(on: [held])
        let report = try fixture.store.prune()
        #expect(report.deleted == [loose] && report.reclaimed == 5)
        #expect(layout.contains(held))
        withExtendedLifetime(lease) {}
    }

    @Test("what a dead process left behind goes, and what a living one works on stays")
    func litter() throws {
        let fixture = try TemporaryStore()
        let dead = Process()
        dead.executableURL = URL(filePath: "/bin/true")
        try dead.run()
        dead.waitUntilExit()
        let namespace = try Shell.run("stat -Lc %i /proc/self/ns/pid").dropLast()
        let orphan = "tmp/\(dead.processIdentifier)-\(namespace)-abc"
        let elsewhere = "tmp/\(dead.processIdentifier)-1-abc"
        let mine = "tmp/\(getpid())-\(namespace)-abc"
        for name in [orphan, elsewhere, mine] { try fixture.write("x", to: name) }
        try Shell.run("cd \(fixture.root)/tmp; mkdir -p \(dead.processIdentifier)-\(namespace)-tree/a/b")
        try fixture.write("", to: "layers/locks/sha256-dead")
        try Shell.run("mkdir -p \(fixture.root)/uploads")
        try fixture.write("", to: "uploads/dead.lock")
        _ = try fixture.store.prune()
        #expect(!exists(orphan, in: fixture) && !exists("tmp/\(dead.processIdentifier)-\(namespace)-tree", in: fixture))
        #expect(exists(elsewhere, in: fixture) && exists(mine, in: fixture))
        #expect(!exists("layers/locks/sha256-dead", in: fixture) && !exists("uploads/dead.lock", in: fixture))
    }

    @Test("the beginning of a blob stays for a day, for ever while it is locked, and no longer than it is of use")
    func beginnings() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["here"])
        func path(_ digest: Digest) -> String { "tmp/sha256-\(digest.hex).partial" }
        let (fresh, old, locked) = (Digest.of("a".utf8), Digest.of("b".utf8), Digest.of("c".utf8))
        let useless = image.content.layers[0].digest
        for digest in [fresh, old, locked, useless] { try fixture.write("begin", to: path(digest)) }
        try Shell.run("cd \(fixture.root); touch -d '2 days ago' \(path(old)) \(path(locked))")
        let file = try FileDescriptor.open(fixture.root.appending(FilePath(path(locked)).components), .readOnly)
        defer { try? file.close() }
        #expect(flock(file.rawValue, LOCK_EX | LOCK_NB) == 0)

        _ = try fixture.store.prune()
        #expect(exists(path(fresh), in: fixture) && exists(path(locked), in: fixture))
        #expect(!exists(path(old), in: fixture) && !exists(path(useless), in: fixture))
        _ = try fixture.store.prune(all: true)
        #expect(!exists(path(fresh), in: fixture) && exists(path(locked), in: fixture))
    }
}
