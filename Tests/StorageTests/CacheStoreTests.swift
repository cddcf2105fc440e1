import ImageSpec
import Storage
import TestSupport
import Testing

/// What a metadata store knows of caches.
@Suite("Metadata of caches")
struct CacheStoreTests {
    private let cache: RepositoryName
    private let local: RepositoryName

    init() throws {
        cache = try RepositoryName("hub/app")
        local = try RepositoryName("team/app")
    }

    private func withStore(_ body: (SQLiteMetadataStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            #expect(try await store.makeCache(cache, of: "hub"))
            try await body(store)
        }
    }

    private func blob(_ byte: UInt8) -> StoredBlob {
        StoredBlob(digest: .of([byte]), size: 100, location: BlobLocation(rawValue: "\(byte)"))
    }

    private func image(_ bytes: [UInt8]) throws -> NewManifest {
        let descriptors = bytes.map { Descriptor(mediaType: .ociLayer, digest: .of([$0]), size: 100) }
        let manifest = try Manifest(ImageManifest(config: descriptors[0], layers: Array(descriptors.dropFirst())))
        return NewManifest(manifest, digest: manifest.digest(), mayBeSparse: true)
    }

    private func name(_ manifest: NewManifest) -> CachedManifestName {
        CachedManifestName(repository: cache, digest: manifest.stored.digest)
    }

    @Test("the manifests of caches are counted exactly, whatever takes them away; others count for nothing")
    func totals() async throws {
        try await withStore { store in
            let (first, second) = (try image([1, 2]), try image([2, 3]))
            let bytes = Int64(first.stored.bytes.count)
            _ = try await store.addManifest(first, taggedAs: Tag("a"), to: local)
            #expect(try await store.cacheTotals().manifests == 0)
            for manifest in [first, second, first] {
                _ = try await store.addManifest(manifest, taggedAs: nil, to: cache)
            }
            let both = try await store.cacheTotals()
            #expect(both.manifests == 2 && both.manifestBytes == 2 * bytes)
            #expect(try await store.removeManifest(second.stored.digest, from: cache))
            #expect(try await store.cacheTotals().manifestBytes == bytes)
            #expect(try await store.evict(name(first))?.tags == [])
            #expect(try await store.evict(name(first)) == nil)
            let none = try await store.cacheTotals()
            #expect(none.manifests == 0 && none.manifestBytes == 0)
            // The one that was pushed is there still.
            #expect(try await store.manifest(.tag(Tag("a")), in: local) != nil)
        }
    }

    @Test("manifests are listed by their last use, a page after the other")
    func order() async throws {
        try await withStore { store in
            let images = try (1...5).map { try image([$0]) }
            for image in images { _ = try await store.addManifest(image, taggedAs: nil, to: cache) }
            let times = Dictionary(
                uniqueKeysWithValues: images.enumerated().map { (name($1), 5_000_000_000 - Int64($0)) }
            )
            try await store.noteUse(of: [:], and: times)
            var listed: [CachedManifestName] = []
            var last: EvictableManifest?
            repeat {
                let page = try await store.evictableManifests(after: last, limit: 2)
                listed += page.map(\.name)
                last = page.last
            } while last != nil
            #expect(listed == images.reversed().map(name))
        }
    }

    @Test("a manifest that goes leaves the blobs that only it named as the next to go")
    func orphans() async throws {
        try await withStore { store in
            for byte in 1...4 as ClosedRange<UInt8> { _ = try await store.addBlob(blob(byte), to: cache, ending: nil) }
            // What was pushed, too, is nobody's to evict.
            _ = try await store.addBlob(blob(4), to: local, ending: nil)
            let (first, second) = (try image([1, 2, 4]), try image([2, 3]))
            _ = try await store.addManifest(first, taggedAs: Tag("a"), to: cache)
            _ = try await store.addManifest(second, taggedAs: Tag("b"), to: cache)
            try await store.noteUse(of: [.of([1]): 6_000_000_000], and: [:])
            let eviction = try await store.evict(name(first))
            #expect(eviction?.tags == [try Tag("a")])
            #expect(eviction?.orphans == [EvictableBlob(digest: .of([1]), size: 100, usedAt: 0)])
            #expect(try await store.evictableBlobs(after: nil, limit: 9).first?.digest == .of([1]))
            // Unless it is read before.
            try await store.noteUse(of: [.of([1]): 6_000_000_000], and: [:])
            #expect(try await store.evictableBlobs(after: nil, limit: 9).last?.digest == .of([1]))
            #expect(try await store.cachedTag(Tag("a"), in: cache) == nil)
            #expect(try await store.cachedTag(Tag("b"), in: cache) != nil)
        }
    }

    @Test("what a pinned index needs is itself, its images that are here, and their blobs")
    func needed() async throws {
        try await withStore { store in
            let child = try image([1, 2])
            let missing = try image([3])
            let children = [child, missing].map {
                Descriptor(mediaType: .ociManifest, digest: $0.stored.digest, size: 10)
            }
            let index = try Manifest(parsing: canonicalJSON(ImageIndex(manifests: children)))
            let new = NewManifest(index, digest: index.digest(), mayBeSparse: true)
            _ = try await store.addManifest(child, taggedAs: nil, to: cache)
            _ = try await store.addManifest(new, taggedAs: nil, to: cache)
            let manifests = try await store.manifests(neededBy: new.stored.digest, in: cache)
            #expect(Set(manifests) == [new.stored.digest, child.stored.digest])
            let blobs = try await store.blobs(neededBy: new.stored.digest, in: cache)
            #expect(Set(blobs) == [.of([1]), .of([2])])
        }
    }
}
