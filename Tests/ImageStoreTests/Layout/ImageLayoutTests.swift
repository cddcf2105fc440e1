import FoundationEssentials
import Glibc
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Image layout")
struct ImageLayoutTests {
    @Test("the folder is an OCI image layout, each tag an entry under its complete name")
    func standardLayout() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("nginx", layers: ["a"])
        #expect(try fixture.text(of: "images/oci-layout") == #"{"imageLayoutVersion":"1.0.0"}"#)
        let index = try Manifest(parsing: Array(fixture.text(of: "images/index.json").utf8))
        guard case .index(let content) = index.content else {
            Issue.record("index.json is not an index")
            return
        }
        #expect(content.manifests.map(\.digest) == [image.manifestDigest])
        #expect(
            content.manifests[0].annotations["org.opencontainers.image.ref.name"] == "docker.io/library/nginx:latest"
        )
        #expect(
            try fixture.text(of: "images/blobs/sha256/\(image.manifestDigest.hex)").utf8
                .elementsEqual(image.manifest.bytes)
        )
    }

    @Test("what other tools wrote survives a rewrite, even what Berth can't read")
    func unknownContentSurvives() throws {
        let fixture = try TemporaryStore()
        let foreign = #"{"digest":"blake3:00","mediaType":"application/x-odd","size":-1,"x":[1,{"y":null}]}"#
        try fixture.write(
            #"{"manifests":[\#(foreign)],"schemaVersion":2,"annotations":{"a":"b"},"vendor":{"n":1.5}}"#,
            to: "images/index.json"
        )
        try fixture.add("nginx", layers: ["a"])
        _ = try fixture.store.remove("nginx")
        let text = try fixture.text(of: "images/index.json")
        let before = try JSONDecoder().decode(JSONValue.self, from: Data(foreign.utf8))
        let after = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
        #expect(after["manifests"] == .array([before]))
        #expect(after["annotations"] == .object(["a": .string("b")]))
        #expect(after["vendor"] == .object(["n": .number(1.5)]))
        #expect(try fixture.store.images().isEmpty)
    }

    @Test("no name is lost when many write at once")
    func concurrentWriters() async throws {
        let fixture = try TemporaryStore()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                group.addTask {
                    // A store of its own, as another process would have.
                    let store = try ImageStore(root: fixture.root)
                    try fixture.add("app:\(number)", layers: ["shared", "own \(number)"])
                    if number.isMultiple(of: 4) { _ = try store.remove("app:\(number)") }
                }
            }
            try await group.waitForAll()
        }
        let names = Set(try fixture.store.images().compactMap(\.reference?.tag?.rawValue))
        #expect(names == Set((0..<40).filter { !$0.isMultiple(of: 4) }.map(String.init)))
    }

    @Test("files that a killed process left half written don't matter")
    func leftovers() throws {
        let fixture = try TemporaryStore()
        try fixture.write(#"{"manifests":["#, to: "tmp/123-half-an-index")
        try fixture.write("sha256:", to: "leases/123-of-the-dead")
        try fixture.add("nginx", layers: ["a"])
        #expect(try fixture.store.images().count == 1)
        _ = try fixture.store.remove("nginx")
        #expect(try fixture.store.images().isEmpty)
        #expect(access(fixture.root.appending("leases/123-of-the-dead").string, F_OK) != 0)
    }

    @Test("content that isn't what its digest says is refused and nothing of it stays")
    func wrongDigest() throws {
        let fixture = try TemporaryStore()
        let digest = Digest.of("right".utf8)
        #expect(throws: ImageStoreError.wrongContent(expected: digest, actual: .of("wrong".utf8))) {
            try fixture.store.layout.store(Array("wrong".utf8), as: digest)
        }
        #expect(!fixture.store.layout.contains(digest))
    }

    @Test("a blob that rotted on the disk is noticed when it is read")
    func rottenBlob() throws {
        let fixture = try TemporaryStore()
        let image = try fixture.add("nginx", layers: ["a"])
        try fixture.write("{}", to: "images/blobs/sha256/\(image.id.hex)")
        #expect(throws: ImageStoreError.wrongContent(expected: image.id, actual: .of("{}".utf8))) {
            try fixture.store.image(matching: "nginx")
        }
        // It can be removed all the same.
        #expect(try fixture.store.remove("nginx").untagged == [ImageReference("nginx")])
        #expect(!fixture.store.layout.contains(image.id))
    }
}
