import ImageSpec
import ImageStore
import Testing

@Suite("Image store")
struct ImageStoreTests {
    @Test("an image is found by each of its names and by the beginning of its ID")
    func lookup() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("docker.io/library/nginx:1", layers: ["a"])
        let digestName = "nginx@\(image.manifestDigest)"
        for name in ["nginx:1", "library/nginx:1", digestName, image.id.short, "\(image.id)", image.id.hex] {
            #expect(try fixture.store.image(matching: name).manifestDigest == image.manifestDigest, "\(name)")
        }
        #expect(throws: ImageStoreError.noSuchImage("nginx")) { try fixture.store.image(matching: "nginx") }
        #expect(throws: ImageStoreError.noSuchImage("sha256:")) { try fixture.store.image(matching: "sha256:") }
    }

    @Test("the beginning of more than one ID is refused")
    func ambiguity() throws {
        let fixture = try TemporaryStore()
        var digits: [Character: String] = [:]
        for number in 0..<17 {
            let image = try fixture.add("app:\(number)", layers: ["\(number)"])
            guard let digit = image.id.hex.first else { continue }
            guard digits.updateValue(image.id.hex, forKey: digit) == nil else {
                let prefix = String(digit)
                #expect(throws: ImageStoreError.ambiguousID(prefix)) { try fixture.store.image(matching: prefix) }
                return
            }
        }
        Issue.record("17 IDs can't begin with 17 different digits")
    }

    @Test("the newest image is listed first")
    func order() throws {
        let fixture = try TemporaryStore()
        try fixture.add("old", layers: ["a"], created: "2020-01-01T00:00:00Z")
        try fixture.add("new", layers: ["b"], created: "2024-01-01T00:00:00Z")
        #expect(try fixture.store.images().map { $0.reference?.familiarName } == ["new:latest", "old:latest"])
    }

    @Test("a name that moves to another image leaves the first one behind without a name")
    func displacedName() throws {
        let fixture = try TemporaryStore()
        let first = try fixture.add("app", layers: ["a"])
        let second = try fixture.add("app", layers: ["b"])
        let images = try fixture.store.images()
        #expect(images.count == 2)
        #expect(images.first { $0.reference == nil }?.id == first.id)
        #expect(try fixture.store.image(matching: "app").id == second.id)

        try fixture.store.tag(fixture.store.image(matching: first.id.short), as: ImageReference("app:old"))
        #expect(try fixture.store.images().allSatisfy { $0.reference != nil })
    }

    @Test("removing one of two names removes only the name")
    func removeOneName() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a"])
        try fixture.store.tag(image, as: ImageReference("app:2"))
        let removal = try fixture.store.remove("app")
        #expect(removal == ImageRemoval(untagged: [try ImageReference("app")], deleted: []))
        #expect(try fixture.store.image(matching: "app:2").id == image.id)
    }

    @Test("removing an image keeps the blobs that it shares with another")
    func sharedBlobs() throws {
        let fixture = try TemporaryStore()
        let doomed = try fixture.add("doomed", layers: ["shared", "own"])
        let kept = try fixture.add("kept", layers: ["shared", "other"])
        let removal = try fixture.store.remove("doomed")
        #expect(removal.deleted == [doomed.id, doomed.config.diffIDs[1]])
        let layout = fixture.store.layout
        #expect(!layout.contains(doomed.id) && !layout.contains(doomed.manifestDigest))
        #expect(!layout.contains(doomed.content.layers[1].digest))
        #expect(kept.content.layers.map(\.digest).allSatisfy(layout.contains))
    }

    @Test("an image with several names is removed by its ID only by force")
    func removeByID() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a"])
        try fixture.store.tag(image, as: ImageReference("app:2"))
        #expect(
            throws: ImageStoreError.imageHasSeveralNames(image.id.short, names: ["app:latest", "app:2"])
        ) { try fixture.store.remove(image.id.short) }
        let removal = try fixture.store.remove(image.id.short, force: true)
        #expect(removal.untagged.count == 2 && removal.deleted == [image.id] + image.config.diffIDs)
        #expect(try fixture.store.images().isEmpty)
    }

    @Test("content under a lease outlives the removal of its image")
    func lease() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a", "b"])
        let layout = fixture.store.layout
        let lease = try fixture.store.lease(image)
        let removal = try fixture.store.remove("app")
        #expect(removal == ImageRemoval(untagged: [try ImageReference("app")], deleted: []))
        #expect(layout.contains(image.id) && image.content.layers.map(\.digest).allSatisfy(layout.contains))
        withExtendedLifetime(lease) {}
    }

    @Test("a lease on an image that is gone is refused")
    func leaseOnNothing() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["a"])
        _ = try fixture.store.remove("app")
        #expect(throws: ImageStoreError.noSuchImage("app:latest")) { try fixture.store.lease(image) }
    }
}
