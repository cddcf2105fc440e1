import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Hostile layers")
struct HostileLayerTests {
    struct Attack: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// What the refusal must say.
        let complaint: String
        let archive: [UInt8]

        init(_ name: String, refusedFor complaint: String, _ body: (inout TarBuilder) -> Void) {
            testDescription = name
            self.complaint = complaint
            archive = TarBuilder.archive(body)
        }
    }

    private static let attacks: [Attack] = [
        Attack("an entry named ..", refusedFor: "leads out of the layer") { $0.add("../escaped", content: "x") },
        Attack("an entry that goes down and further up", refusedFor: "leads out of the layer") {
            $0.add("a/b/../../../escaped", content: "x")
        },
        Attack("an absolute entry with ..", refusedFor: "leads out of the layer") {
            $0.add("/../escaped", content: "x")
        },
        Attack("a hard link to outside", refusedFor: "leads out of the layer") {
            $0.add("link", .hardLink, link: "../../etc/passwd")
        },
        Attack("a hard link to a file of the host", refusedFor: "which is no file of the layer") {
            $0.add("link", .hardLink, link: "/etc/passwd")
        },
        Attack("a hard link through a symbolic link to outside", refusedFor: "which is no file of the layer") {
            $0.add("etc", .symbolicLink, link: "/etc")
            $0.add("link", .hardLink, link: "etc/passwd")
        },
        Attack("a hard link to a folder", refusedFor: "which is no file of the layer") {
            $0.add("d/", .folder, mode: 0o755)
            $0.add("link", .hardLink, link: "d")
        },
        Attack("a whiteout of nothing", refusedFor: "names no file") { $0.add("a/.wh.") },
        Attack("a whiteout of .", refusedFor: "names no file") { $0.add("a/.wh..") },
        Attack("a whiteout of ..", refusedFor: "names no file") { $0.add("a/.wh...") },
        Attack("a root that is a file", refusedFor: "root must be a folder") { $0.add(".", .file, content: "x") },
        Attack("a root that is a symbolic link", refusedFor: "root must be a folder") {
            $0.add(".", .symbolicLink, link: "/etc")
        },
        Attack("a file below a file", refusedFor: "which is no folder") {
            $0.add("a", content: "x")
            $0.add("a/b", content: "x")
        },
        Attack("a file below a dangling symbolic link", refusedFor: "which is no folder") {
            $0.add("a", .symbolicLink, link: "/nowhere")
            $0.add("a/b", content: "x")
        },
        Attack("a symbolic link that leads to itself", refusedFor: "which is no folder") {
            $0.add("a", .symbolicLink, link: "a")
            $0.add("a/b", content: "x")
        },
        Attack("a name that is too long", refusedFor: "too long") {
            $0.addRecords([("path", String(repeating: "n", count: 300))])
            $0.add("short", content: "x")
        },
        Attack("a path that is too long", refusedFor: "too long") {
            $0.addRecords([("path", String(repeating: "long/", count: 2000) + "x")])
            $0.add("short", content: "x")
        },
        Attack("a file that is larger than its archive", refusedFor: "not a whole tar archive") {
            $0.add("a", content: "x", claimedSize: 1 << 30)
        },
        Attack("a file that is larger than any disk", refusedFor: "more than 1099511627776 bytes") {
            $0.addRecords([
                ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "9000000000000000000"),
            ])
            $0.add("a", content: "1\n0\n1\n" + String(repeating: "\u{0}", count: 506) + "x")
        },
        Attack("an owner that no system has", refusedFor: "is no user or group") {
            $0.addRecords([("uid", "4294967295")])
            $0.add("a", content: "x")
        },
    ]

    @Test("are refused in one line, and nothing of them stays", arguments: attacks)
    func refused(attack: Attack) async throws {
        let fixture = try LayerFixture()
        let error = await #expect(throws: ImageStoreError.self) { _ = try await fixture.unpack(attack.archive) }
        let line = "\(try #require(error))"
        #expect(line.contains("is refused") && line.contains(attack.complaint), "\(line)")
        #expect(!line.contains("\n"))
        #expect(try fixture.layers.isEmpty)
        #expect(try fixture.litter.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.appending("escaped").string))
        #expect(!FileManager.default.fileExists(atPath: fixture.root.appending("tmp/escaped").string))
    }

    @Test("an entry below a symbolic link lands within the layer, wherever the link leads")
    func symbolicLink() async throws {
        let fixture = try LayerFixture()
        let outside = fixture.folder.appending("outside")
        try FileManager.default.createDirectory(atPath: outside.string, withIntermediateDirectories: true)
        let inner = String(outside.string.dropFirst())
        let layer = try await fixture.unpack(
            TarBuilder.archive {
                $0.add("\(inner)/", .folder, mode: 0o755)
                $0.add("absolute", .symbolicLink, link: outside.string)
                $0.add("relative", .symbolicLink, link: "../../../../../../..\(outside)")
                $0.add("absolute/one", content: "1")
                $0.add("relative/two", content: "2")
            }
        )
        #expect(try FileManager.default.contentsOfDirectory(atPath: outside.string).isEmpty)
        let landed = try FileManager.default.contentsOfDirectory(
            atPath: layer.appending(FilePath(inner).components).string
        )
        #expect(landed.sorted() == ["one", "two"])
    }

    @Test("the last of several entries with one name wins, whatever kinds they are")
    func duplicates() async throws {
        let fixture = try LayerFixture()
        let layer = try await fixture.unpack(
            TarBuilder.archive {
                $0.add("a", content: "a file")
                $0.add("a/", .folder, mode: 0o755)
                $0.add("a/inner", content: "x")
                $0.add("b/", .folder, mode: 0o755)
                $0.add("b/inner/deep", content: "x")
                $0.add("b", content: "a file now")
                $0.add("link", .symbolicLink, link: "/etc/passwd")
                $0.add("link", content: "no link")
                $0.add("/absolute", content: "from the root")
                $0.add("c/../d", content: "cleaned")
            }
        )
        let listing = try Shell.run("cd \(layer); find . -type f | LC_ALL=C sort | xargs grep -H .")
        #expect(
            listing == """
                ./a/inner:x
                ./absolute:from the root
                ./b:a file now
                ./d:cleaned
                ./link:no link

                """
        )
    }

    @Test("a layer can't forge what overlayfs keeps about it")
    func overlayAttributes() async throws {
        let fixture = try LayerFixture()
        let layer = try await fixture.unpack(
            TarBuilder.archive {
                $0.addRecords([
                    ("SCHILY.xattr.trusted.overlay.redirect", "/etc"), ("SCHILY.xattr.user.overlay.opaque", "y"),
                    ("SCHILY.xattr.user.kept", "yes"),
                ])
                $0.add("d/", .folder, mode: 0o755)
            }
        )
        let attributes = try Shell.run("getfattr --absolute-names -d -m - \(layer)/d")
        #expect(attributes.contains("user.kept=\"yes\""))
        #expect(!attributes.contains("overlay"))
    }

    @Test("damaged and endless blobs are refused", arguments: ["gzip -c", "zstd -qc"])
    func damage(compress: String) async throws {
        var limits = LayerLimits()
        limits.bytesAtAnyRatio = 1 << 20
        limits.ratio = 10
        let fixture = try LayerFixture(limits: limits)
        let archive = TarBuilder.archive { $0.add("a", content: String(repeating: "\u{0}", count: 5_000_000)) }
        let diffID = Digest.of(archive)
        let path = try fixture.blob(archive)
        try Shell.run(
            """
            cd \(fixture.folder)
            \(compress) blob > packed
            head -c 300000 /dev/urandom > noise
            tar -cf - noise | \(compress) > whole; head -c 100000 whole > half
            """
        )
        for (name, complaint) in [("packed", "times as large"), ("half", "decompressed"), ("noise", "tar archive")] {
            let error = await #expect(throws: ImageStoreError.self) {
                try await fixture.store.unpack(blobAt: fixture.folder.appending(name), as: diffID)
            }
            #expect("\(try #require(error))".contains(complaint))
        }
        // The same archive, not compressed, is an ordinary one.
        try await fixture.store.unpack(blobAt: path, as: diffID)
        #expect(try fixture.litter.isEmpty)
    }

    @Test("too many entries and too many bytes are refused")
    func limits() async throws {
        var limits = LayerLimits()
        limits.entries = 10
        limits.bytes = 100_000
        let fixture = try LayerFixture(limits: limits)
        let many = TarBuilder.archive { for number in 0..<11 { $0.add("\(number)") } }
        let large = TarBuilder.archive { $0.add("a", content: String(repeating: "a", count: 200_000)) }
        for (archive, complaint) in [(many, "more than 10 entries"), (large, "more than 100000 bytes")] {
            let error = await #expect(throws: ImageStoreError.self) { _ = try await fixture.unpack(archive) }
            #expect("\(try #require(error))".contains(complaint))
        }
    }

    @Test("a layer that isn't what its diff ID says is refused")
    func wrongDiffID() async throws {
        let fixture = try LayerFixture()
        let archive = TarBuilder.archive { $0.add("a", content: "x") }
        // A byte behind the archive's end counts as well.
        let path = try fixture.blob(archive + [1])
        await #expect(throws: ImageStoreError.wrongContent(expected: .of(archive), actual: .of(archive + [1]))) {
            try await fixture.store.unpack(blobAt: path, as: .of(archive))
        }
        #expect(try fixture.layers.isEmpty)
        #expect(try fixture.litter.isEmpty)
    }
}
