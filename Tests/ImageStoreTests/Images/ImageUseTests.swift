import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Images that containers are made of")
struct ImageUseTests {
    private func use(_ image: LocalImage, in fixture: TemporaryStore, isRunning: Bool) -> ImageStore {
        let layers = image.config.diffIDs.map { fixture.root.appending("layers/sha256/\($0.hex)") }
        let use = ImageUse(container: "c0ffee", isRunning: isRunning, image: image.id, layers: layers)
        var store = fixture.store
        store.containers = { [use] }
        return store
    }

    @Test(
        "the last name goes only when it is forced; then the image of a running container stays",
        arguments: [true, false]
    )
    func name(isRunning: Bool) throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a", "b"])
        let store = use(image, in: fixture, isRunning: isRunning)
        let conflict = ImageStoreError.nameInUse("app", image: image.id, container: "c0ffee")
        #expect(throws: conflict) { try store.remove("app") }
        #expect("\(conflict)".hasPrefix("conflict: unable to remove repository reference \"app\" (must force)"))
        #expect(try store.images().map(\.reference) == [try ImageReference("app")])

        let removal = try store.remove("app", force: true)
        #expect(removal.untagged == [try ImageReference("app")])
        #expect(removal.deleted == (isRunning ? [] : [image.id]))
        #expect(try store.images().map(\.id) == (isRunning ? [image.id] : []))
        // As blobs they are layers, for these aren't compressed.
        #expect(image.config.diffIDs.allSatisfy(store.layout.contains))
    }

    @Test("one of several names goes freely")
    func oneOfSeveral() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a"])
        let store = use(image, in: fixture, isRunning: true)
        try store.tag(image, as: ImageReference("other"))
        #expect(try store.remove("app").deleted == [])
        #expect(throws: ImageStoreError.self) { try store.remove("other") }
    }

    @Test("by its ID an image goes when it is forced, unless a container runs")
    func identifier() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a"])
        var store = use(image, in: fixture, isRunning: true)
        for force in [false, true] {
            let conflict = ImageStoreError.imageInUse(image.id, container: "c0ffee", isRunning: true)
            #expect(throws: conflict) { try store.remove(image.id.short, force: force) }
        }
        store = use(image, in: fixture, isRunning: false)
        #expect(throws: ImageStoreError.imageInUse(image.id, container: "c0ffee", isRunning: false)) {
            try store.remove(image.id.short)
        }
        #expect(try store.remove(image.id.short, force: true).deleted == [image.id])
        #expect(image.config.diffIDs.allSatisfy(store.layout.contains))
    }

    @Test(
        "pruning keeps them, and the layers of those that are gone, until the containers are",
        arguments: [true, false]
    )
    func prune(isRunning: Bool) throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a"])
        let dangling = try fixture.add("old", layers: ["b"])
        try fixture.add("old", layers: ["c"])
        var store = use(image, in: fixture, isRunning: isRunning)
        #expect(try store.prune(all: true).untagged == [try ImageReference("old")])
        #expect(try store.images().map(\.id) == [image.id])

        store = use(dangling, in: fixture, isRunning: isRunning)
        #expect(try store.prune(all: true).untagged == [try ImageReference("app")])
        store.containers = { [] }
        _ = try store.prune()
        #expect(![image, dangling].contains { store.layout.contains($0.id) })
    }

    @Test("when containers can't be looked at, nothing is removed")
    func unknown() throws {
        let fixture = try TemporaryStore()
        try fixture.add("app", layers: ["a"])
        var store = fixture.store
        store.containers = { throw ImageStoreError.notSaved(reason: "for the test") }
        #expect(throws: ImageStoreError.self) { try store.prune(all: true) }
        #expect(throws: ImageStoreError.self) { try store.remove("app") }
        #expect(try store.images().count == 1)
    }
}
