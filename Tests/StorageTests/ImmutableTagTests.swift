import Access
import ImageSpec
import Storage
import SystemPackage
import TestSupport
import Testing

@Suite("Immutable tags")
struct ImmutableTagTests {
    private let app: RepositoryName
    private let release: ImageSpec.Tag
    private let terms = ChangeTerms(keeping: [GlobPattern("v*")])

    init() throws {
        app = try RepositoryName("team/app")
        release = try Tag("v1")
    }

    private func withStore(_ body: (SQLiteMetadataStore) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            let store = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            let config = StoredBlob(digest: .of([1]), size: 1, location: BlobLocation(rawValue: "1"))
            _ = try await store.addBlob(config, to: app, ending: nil)
            try await body(store)
        }
    }

    /// Another image for each number.
    private func image(_ number: Int) throws -> NewManifest {
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, digest: .of([1]), size: 1),
                layers: [],
                annotations: ["number": "\(number)"]
            )
        )
        return NewManifest(manifest, digest: manifest.digest())
    }

    @Test("are made once and never moved, except to where they are")
    func push() async throws {
        try await withStore { store in
            let (first, second) = (try image(1), try image(2))
            let (latest, other) = (try Tag("latest"), try Tag("v2"))
            #expect(try await store.addManifest(first, taggedAs: [release], to: app, on: terms) == [])
            #expect(try await store.addManifest(first, taggedAs: [release, latest], to: app, on: terms) == [])
            await #expect(throws: TagImmutable(release, at: first.stored.digest)) {
                try await store.addManifest(second, taggedAs: [other, latest, release], to: app, on: terms)
            }
            // Not even that which could have been done was.
            let tags = try await store.tags(in: app, after: nil, limit: 10)
            #expect(tags == [latest, release])
            for digest in [second.stored.digest] {
                let manifest = try await store.manifest(.digest(digest), in: app)
                #expect(manifest == nil)
            }
            #expect(try await store.addManifest(second, taggedAs: [latest], to: app, on: terms) == [])
            let moved = try await store.manifest(.tag(latest), in: app)
            #expect(moved?.digest == second.stored.digest)
        }
    }

    @Test("stay, with their manifests and the children of those, unless whoever deletes them is let")
    func deletion() async throws {
        try await withStore { store in
            let child = try image(1)
            _ = try await store.addManifest(child, taggedAs: nil, to: app)
            let manifest = try Manifest(
                parsing: Array(
                    """
                    {"schemaVersion":2,"mediaType":"\(MediaType.ociIndex)","manifests":[{
                    "mediaType":"\(child.stored.mediaType)","digest":"\(child.stored.digest)",
                    "size":\(child.stored.bytes.count)}]}
                    """.utf8
                )
            )
            let index = NewManifest(manifest, digest: manifest.digest())
            let latest = try Tag("latest")
            _ = try await store.addManifest(index, taggedAs: [release, latest], to: app, on: terms)
            let refusal = TagImmutable(release, at: index.stored.digest)
            await #expect(throws: refusal) { try await store.removeTag(release, from: app, on: terms) }
            await #expect(throws: refusal) { try await store.removeManifest(manifest.digest(), from: app, on: terms) }
            await #expect(throws: refusal) { try await store.removeManifest(child.stored.digest, from: app, on: terms) }
            #expect(try await store.removeTag(latest, from: app, on: terms))
            let kept = try await store.manifest(.tag(release), in: app)
            #expect(kept?.digest == manifest.digest())

            #expect(try await store.removeTag(release, from: app, on: .none))
            #expect(try await store.removeManifest(child.stored.digest, from: app, on: terms))
        }
    }

    @Test("of two that are pushed at once exactly one is made")
    func race() async throws {
        try await withStore { store in
            for round in 0..<20 {
                let tag = try Tag("v\(round)")
                let images = try (0..<4).map { try image(round * 4 + $0) }
                let made = try await withThrowingTaskGroup(of: Digest?.self) { group in
                    for image in images {
                        group.addTask {
                            do {
                                _ = try await store.addManifest(image, taggedAs: [tag], to: app, on: terms)
                                return image.stored.digest
                            } catch is TagImmutable {
                                return nil
                            }
                        }
                    }
                    return try await group.reduce(into: [Digest]()) { if let digest = $1 { $0.append(digest) } }
                }
                let standing = try await store.manifest(.tag(tag), in: app)
                #expect(made.count == 1 && made.first == standing?.digest)
            }
        }
    }
}
