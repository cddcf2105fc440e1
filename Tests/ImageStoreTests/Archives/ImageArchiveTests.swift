import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Archives of images")
struct ImageArchiveTests {
    private let builder = ImageArchiveBuilder()

    /// Loads `archive` into the store; returns what was loaded.
    @discardableResult
    private func load(
        _ archive: [UInt8],
        into fixture: TemporaryStore,
        limits: ImageArchiveLimits = ImageArchiveLimits()
    ) async throws -> [LoadedImage] {
        let path = fixture.root.appending("archive-\(UInt64.random(in: 0 ... .max))")
        try Data(archive).write(to: URL(filePath: path.string))
        let file = try FileDescriptor.open(path, .readOnly)
        defer { try? file.close() }
        var loaded: [LoadedImage] = []
        try await fixture.store.load(file, limits: limits) { loaded.append($0) }
        return loaded
    }

    /// The archive is refused for `reason`, and nothing of it stays but what is whole.
    private func expectRefusal(
        _ archive: [UInt8],
        _ reason: String,
        limits: ImageArchiveLimits = ImageArchiveLimits(),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let fixture = try TemporaryStore()
        await #expect(sourceLocation: sourceLocation) {
            try await load(archive, into: fixture, limits: limits)
        } throws: { error in
            "\(error)".contains(reason)
        }
        #expect(try fixture.store.images().isEmpty, sourceLocation: sourceLocation)
        for folder in ["tmp", "leases", "images/blobs/sha256"] {
            let left = try FileManager.default.contentsOfDirectory(atPath: "\(fixture.root)/\(folder)")
            #expect(left == [], sourceLocation: sourceLocation)
        }
    }

    @Test("a layout's image keeps its digests and gets the name that the layout gives it")
    func layout() async throws {
        let fixture = try TemporaryStore()
        let archive = TarBuilder.archive { tar in
            tar.add("index.json", content: builder.index())
            builder.addBlobs(to: &tar)
        }
        let loaded = try await load(archive, into: fixture)
        #expect(loaded == [LoadedImage(id: Digest.of(builder.config), names: [try ImageReference("app:1")])])
        let image = try fixture.store.image(matching: "app:1")
        #expect(image.manifestDigest == Digest.of(builder.manifest))
        #expect(fixture.store.size(of: image) == 5)
        let file = "\(fixture.root)/layers/sha256/\(image.config.diffIDs[0].hex)/hello"
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "world")
    }

    @Test("of several entries with one name the last counts, and links lead to files of the archive")
    func links() async throws {
        let fixture = try TemporaryStore()
        let archive = TarBuilder.archive { tar in
            tar.add("manifest.json", content: "not this one")
            tar.add("one/layer.tar", content: ImageArchiveBuilder.text(builder.layer))
            tar.add("two/layer.tar", .symbolicLink, link: "../one/layer.tar")
            tar.add("config.json", .hardLink, link: "real-config.json")
            tar.add("real-config.json", content: ImageArchiveBuilder.text(builder.config))
            tar.add("manifest.json", content: builder.dockerList(layer: "two/layer.tar"))
        }
        let loaded = try await load(archive, into: fixture)
        #expect(loaded.map(\.id) == [Digest.of(builder.config)])
    }

    @Test("what the store has is not written again, and stays though its image is removed meanwhile")
    func present() async throws {
        let fixture = try TemporaryStore()
        let archive = TarBuilder.archive { tar in
            tar.add("index.json", content: builder.index())
            builder.addBlobs(to: &tar)
        }
        try await load(archive, into: fixture)
        try await load(archive, into: fixture)
        #expect(try fixture.store.images().count == 1)
    }

    @Test("an image's many names are given at once, and take those of others", .timeLimit(.minutes(1)))
    func manyNames() async throws {
        let fixture = try TemporaryStore()
        let before = try fixture.add("app:7", layers: ["other"])
        let names = (0..<5000).map { "app:\($0)" }
        let archive = TarBuilder.archive { tar in
            let tags = names.map { "\"\($0)\"" }.joined(separator: ",")
            tar.add("manifest.json", content: #"[{"Config":"c.json","RepoTags":[\#(tags)],"Layers":["layer.tar"]}]"#)
            tar.add("c.json", content: ImageArchiveBuilder.text(builder.config))
            tar.add("layer.tar", content: ImageArchiveBuilder.text(builder.layer))
        }
        let loaded = try await load(archive, into: fixture)
        #expect(loaded.count == 1 && loaded.first?.names.count == 5000)
        #expect(try fixture.store.summaries().count == 5001)
        #expect(try fixture.store.image(matching: "app:7").id == Digest.of(builder.config))
        #expect(try fixture.store.image(matching: "\(before.id)").reference == nil)
    }

    @Test("of an archive whose second image is refused, the first stays")
    func secondRefused() async throws {
        let fixture = try TemporaryStore()
        let archive = TarBuilder.archive { tar in
            let second = builder.dockerList(layer: "other.tar", name: "second:1").dropFirst()
            tar.add("manifest.json", content: "\(builder.dockerList(name: "first:1").dropLast()),\(second)")
            tar.add("config.json", content: ImageArchiveBuilder.text(builder.config))
            tar.add("layer.tar", content: ImageArchiveBuilder.text(builder.layer))
            tar.add("other.tar", content: ImageArchiveBuilder.text(TarBuilder.archive { $0.add("x", content: "y") }))
        }
        await #expect(throws: ImageStoreError.self) { try await load(archive, into: fixture) }
        #expect(try fixture.store.images().map { $0.reference?.familiarName } == ["first:1"])
    }

    @Test("an archive without images, or of something else, is refused")
    func noImages() async throws {
        try await expectRefusal(TarBuilder.archive { $0.add("etc/passwd") }, "berth import")
        try await expectRefusal(TarBuilder.archive { $0.add("manifest.json", content: "[]") }, "holds no image")
        try await expectRefusal(TarBuilder.archive { $0.add("manifest.json", content: "{}") }, "can't be read")
        try await expectRefusal(TarBuilder.archive { $0.add("index.json", content: "[]") }, "not valid")
        try await expectRefusal(Array("this is no archive at all, but long enough to look at".utf8), "not a whole tar")
    }

    @Test("a blob that isn't what its name says is refused")
    func wrongDigest() async throws {
        let archive = TarBuilder.archive { tar in
            tar.add("index.json", content: builder.index())
            tar.add(builder.layerPath, content: "something else")
        }
        try await expectRefusal(archive, "the content should be \(Digest.of(builder.layer))")
    }

    @Test("an archive that lacks what it names is refused")
    func missing() async throws {
        let noLayer = TarBuilder.archive { tar in
            tar.add("manifest.json", content: builder.dockerList())
            tar.add("config.json", content: ImageArchiveBuilder.text(builder.config))
        }
        try await expectRefusal(noLayer, "lacks 'layer.tar'")
        let noManifest = TarBuilder.archive { $0.add("index.json", content: builder.index()) }
        try await expectRefusal(noManifest, "lacks the manifest")
    }

    @Test("names that lead out of the archive, and links without an end, are refused")
    func outward() async throws {
        try await expectRefusal(TarBuilder.archive { $0.add("../evil", content: "x") }, "leads out")
        try await expectRefusal(
            TarBuilder.archive { $0.add("a", .symbolicLink, link: "../../etc/passwd") },
            "leads out"
        )
        let outwardName = TarBuilder.archive { tar in
            tar.add("manifest.json", content: builder.dockerList(config: "../../../etc/passwd"))
        }
        try await expectRefusal(outwardName, "leads out")
        let absolute = TarBuilder.archive { tar in
            tar.add("manifest.json", content: builder.dockerList(config: "/etc/passwd"))
        }
        try await expectRefusal(absolute, "lacks '/etc/passwd'")
        let circle = TarBuilder.archive { tar in
            tar.add("config.json", .symbolicLink, link: "other.json")
            tar.add("other.json", .symbolicLink, link: "config.json")
            tar.add("manifest.json", content: builder.dockerList())
        }
        try await expectRefusal(circle, "no end")
    }

    @Test("too many entries, bytes or images are refused")
    func limits() async throws {
        var limits = ImageArchiveLimits()
        limits.entries = 10
        let many = TarBuilder.archive { tar in for number in 0..<11 { tar.add("\(number)") } }
        try await expectRefusal(many, "more than 10 entries", limits: limits)

        limits = ImageArchiveLimits()
        limits.bytes = 4096
        let long = TarBuilder.archive { $0.add("a", content: String(repeating: "a", count: 5000)) }
        try await expectRefusal(long, "more than 4096 bytes", limits: limits)
        try await expectRefusal(
            TarBuilder.archive { $0.add("a", claimedSize: 1 << 32) },
            "more than 4096",
            limits: limits
        )

        limits = ImageArchiveLimits()
        limits.images = 2
        let entry = builder.dockerList().dropFirst().dropLast()
        let images = TarBuilder.archive { $0.add("manifest.json", content: "[\(entry),\(entry),\(entry)]") }
        try await expectRefusal(images, "more than 2 images", limits: limits)

        limits = ImageArchiveLimits()
        limits.names = 2
        let named = (1...3).map { #"{"Config":"c.json","RepoTags":["app:\#($0)"],"Layers":["layer.tar"]}"# }
        let names = TarBuilder.archive { tar in
            tar.add("manifest.json", content: "[\(named.joined(separator: ","))]")
            tar.add("c.json", content: ImageArchiveBuilder.text(builder.config))
            tar.add("layer.tar", content: ImageArchiveBuilder.text(builder.layer))
        }
        try await expectRefusal(names, "more than 2 names", limits: limits)
    }

    @Test("a document too large for one is refused")
    func largeDocument() async throws {
        let list = TarBuilder.archive { $0.add("manifest.json", content: String(repeating: " ", count: 5 << 20)) }
        try await expectRefusal(list, "can't be a document")
    }

    @Test("an image whose layers don't fit its config is refused, and not named")
    func wrongDiffID() async throws {
        var builder = builder
        builder.config = Array(ImageArchiveBuilder.text(builder.config).replacing("\"sha256:", with: "\"sha256:0").utf8)
        let list = TarBuilder.archive { tar in
            tar.add("manifest.json", content: builder.dockerList())
            tar.add("config.json", content: ImageArchiveBuilder.text(builder.config))
            tar.add("layer.tar", content: ImageArchiveBuilder.text(builder.layer))
        }
        try await expectRefusal(list, "not valid")

        let other = Digest.of("other".utf8)
        builder.config = Array(
            ImageArchiveBuilder.text(self.builder.config).replacing("\(Digest.of(builder.layer))", with: "\(other)")
                .utf8
        )
        let wrong = TarBuilder.archive { tar in
            tar.add("manifest.json", content: builder.dockerList())
            tar.add("config.json", content: ImageArchiveBuilder.text(builder.config))
            tar.add("layer.tar", content: ImageArchiveBuilder.text(builder.layer))
        }
        try await expectRefusal(wrong, "the content should be \(other)")
    }

    @Test("a name with a digest that isn't the image's is refused")
    func lyingName() async throws {
        let archive = TarBuilder.archive { tar in
            tar.add("index.json", content: builder.index(name: "app@\(Digest.of("other".utf8))"))
            builder.addBlobs(to: &tar)
        }
        try await expectRefusal(archive, "it calls")
    }

    @Test("a blob that has rotted is not saved as if it were whole")
    func rottenBlob() async throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("app", layers: ["layer"])
        let layer = image.content.layers[0].digest
        try fixture.write("rotten", to: "images/blobs/sha256/\(layer.hex)")
        let file = try FileDescriptor.open("/dev/null", .writeOnly)
        defer { try? file.close() }
        await #expect(throws: ImageStoreError.wrongContent(expected: layer, actual: Digest.of("rotten".utf8))) {
            try await fixture.store.save(fixture.store.imagesToSave(["app"]), to: file, format: .docker)
        }
    }
}
