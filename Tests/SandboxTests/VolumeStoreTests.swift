import Glibc
import Sandbox
import SystemPackage
import Testing

@Suite("Volume store", .timeLimit(.minutes(1)))
struct VolumeStoreTests {
    private let workshop: Workshop
    private let store: VolumeStore

    init() throws {
        workshop = try Workshop()
        store = try VolumeStore(root: workshop.folder.appending("state"))
    }

    private var folder: FilePath { workshop.folder.appending("state/volumes") }

    @Test("a volume is made once, and keeps what is in it")
    func made() throws {
        let name = try VolumeName("db")
        let volume = try store.findOrCreate(name, labels: ["tier": "back"])
        try Workshop.shell("echo kept > \(volume.folder)/file")

        let again = try store.findOrCreate(name, labels: ["tier": "front"])
        #expect(again.folder == volume.folder)
        #expect(again.record.labels == ["tier": "back"])
        #expect(!again.record.isAnonymous)
        #expect(try workshop.contents(of: again.folder.appending("file")) == "kept\n")
        #expect(try store.all().map(\.name) == [name])
    }

    @Test("many that make and remove the same volumes at once see whole ones or none")
    func concurrent() async throws {
        let store = store
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let name = try VolumeName("volume-\(index % 3)")
                    if index % 2 == 0 {
                        let volume = try store.findOrCreate(name)
                        #expect(volume.record.created > 0)
                    } else {
                        do {
                            try store.remove(name) { _ in [] }
                        } catch SandboxError.noSuchVolume {}
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(workshop.names(in: folder).allSatisfy { !$0.hasPrefix(".") })
    }

    @Test("a volume that a container uses stays")
    func inUse() throws {
        let name = try VolumeName("db")
        _ = try store.findOrCreate(name)
        let user = ContainerIdentifier()
        #expect(throws: SandboxError.volumeInUse("db", containers: [user.rawValue])) {
            try store.remove(name) { _ in [user] }
        }
        #expect(try store.find(name) != nil)
        try store.remove(name) { _ in [] }
        #expect(try store.find(name) == nil)
        #expect(throws: SandboxError.noSuchVolume("db")) { try store.remove(name) { _ in [] } }
    }

    @Test("a volume is filled once, and again when that failed")
    func populated() throws {
        let name = try VolumeName("db")
        _ = try store.findOrCreate(name)
        struct Failure: Error {}
        #expect(throws: Failure.self) { try store.populate(name) { _ in throw Failure() } }
        var count = 0
        for _ in 0..<2 { try store.populate(name) { _ in count += 1 } }
        #expect(count == 1)
        #expect(try store.find(name)?.record.isPopulated == true)
    }

    @Test("what killed processes left half made or half removed goes")
    func litter() throws {
        try Workshop.shell("mkdir -p \(folder)/.new/_data \(folder)/.old-1/_data; touch \(folder)/.old-1/_data/file")
        _ = try store.findOrCreate(try VolumeName("db"))
        #expect(workshop.names(in: folder) == ["db"])
    }

    @Test("a name that isn't one is refused", arguments: ["", "a", "../up", "a/b", ".hidden", "-dash", "a\n", "ä1"])
    func invalidName(_ text: String) {
        #expect(throws: SandboxError.invalidVolumeName(text)) { try VolumeName(text) }
    }
}
