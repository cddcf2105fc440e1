import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Layer round trip", .enabled(if: geteuid() == 0, "only root can make the owners and devices that are compared"))
struct LayerRoundTripTests {
    /// Makes a tree with all that trees can have.
    private static func makeAwkwardTree(at folder: FilePath) throws {
        try Shell.run(
            """
            mkdir -p \(folder)/tree && cd \(folder)/tree
            mkdir -p a/b sticky empty locked; chmod 1777 sticky; chmod 000 locked
            echo set-user-id > a/program; chmod 4755 a/program; chown 7:8 a/program
            ln a/program a/b/hard; ln -s ../../etc/passwd a/outward; ln -s nowhere dangling; ln -s a/../a// odd
            ln dangling hard-to-link
            mkfifo fifo; mknod null c 1 3; mknod disk b 8 1; chmod 640 disk
            echo x > "space  and ünïcode"; echo y > "$(printf 'latin\\xe9')"; echo z > "$(printf 'new\\nline')"
            mkdir -p "$(printf 'long%.0s' {1..50})/$(printf 'name%.0s' {1..50})"
            echo deep > "$(printf 'long%.0s' {1..50})/$(printf 'name%.0s' {1..50})/file"
            printf begin > sparse; truncate -s 20M sparse; printf middle >> sparse; truncate -s 40M sparse
            setfattr -n user.note -v text a/program; setfattr -n user.binary -v 0x0001ff00 a
            cp /bin/true capable; setcap cap_net_raw+ep capable
            chown -h 1000:1001 dangling; chown 4000000000:3999999999 empty
            touch -h -d '1999-12-31 23:59:59.123456789' dangling; touch -d '1960-01-02 03:04:05' fifo
            touch -d '2033-01-02 03:04:05.000000001' a/b/hard; touch -d '2001-02-03 04:05:06.5' a/b; touch -d '2002-02-03' a
            : > zero
            """
        )
    }

    @Test(
        "is entry for entry what GNU tar extracts",
        arguments: ["cat", "gzip -c", "zstd -qc", "cat --"],
        ["--format=pax --xattrs --xattrs-include='*'", "--format=gnu"]
    )
    func sameAsTar(compress: String, format: String) async throws {
        let fixture = try LayerFixture()
        let folder = fixture.folder
        try Self.makeAwkwardTree(at: folder)
        let sparse = compress == "cat --" ? "--sparse" : "--no-recursion --recursion"
        try Shell.run(
            """
            cd \(folder)
            tar --numeric-owner \(sparse) \(format) -C tree -cf layer.tar .
            mkdir expected; tar --numeric-owner --same-owner -p --xattrs --xattrs-include='*' -C expected -xf layer.tar
            \(compress) < layer.tar > blob
            """
        )
        let diffID = try Digest("sha256:" + Shell.run("sha256sum < \(folder)/layer.tar").prefix(64))
        try await fixture.store.unpack(blobAt: folder.appending("blob"), as: diffID)

        let expected = folder.appending("expected")
        #expect(try TreeListing.lines(of: expected).count > 30)
        #expect(try TreeListing.differences(expected, fixture.store.directory(of: diffID)) == [])
        if compress == "cat --" {
            let used = try Shell.run("du -k \(fixture.store.directory(of: diffID))/sparse | cut -f1")
            #expect(Int(used.dropLast()).map { $0 < 100 } == true)
        }
    }

    @Test("a packed folder unpacks to the same folder, and packs to the same bytes each time")
    func packFolder() async throws {
        let fixture = try LayerFixture()
        try Self.makeAwkwardTree(at: fixture.folder)
        let tree = fixture.folder.appending("tree")
        let packer = LayerPacker()
        let blob = fixture.folder.appending("first")
        let packed = try await packer.pack(.folder(tree), into: blob)
        #expect(try await packer.pack(.folder(tree), into: fixture.folder.appending("second")) == packed)

        let bytes = [UInt8](try Data(contentsOf: URL(filePath: blob.string)))
        #expect(packed.digest == Digest.of(bytes))
        #expect(packed.size == Int64(bytes.count))
        try await fixture.store.unpack(blobAt: blob, as: packed.diffID)
        let differences = try TreeListing.differences(tree, fixture.store.directory(of: packed.diffID))
        #expect(differences == [], "\(differences.joined(separator: "; "))")
    }

    @Test("GNU tar reads what was packed from a folder")
    func packedForTar() async throws {
        let fixture = try LayerFixture()
        try Self.makeAwkwardTree(at: fixture.folder)
        let tree = fixture.folder.appending("tree")
        _ = try await LayerPacker().pack(.folder(tree), into: fixture.folder.appending("blob"))
        try Shell.run(
            """
            cd \(fixture.folder); mkdir out
            tar --numeric-owner --same-owner -p --xattrs --xattrs-include='*' -C out -xzf blob
            """
        )
        let differences = try TreeListing.differences(tree, fixture.folder.appending("out"))
        #expect(differences == [], "\(differences.joined(separator: "; "))")
    }

    @Test("an archive keeps its bytes, however it is compressed", arguments: ["cat", "gzip", "zstd -q", "bzip2", "xz"])
    func packArchive(compress: String) async throws {
        let fixture = try LayerFixture()
        let archive = TarBuilder.archive { $0.add("file", content: String(repeating: "content", count: 100_000)) }
        let path = try fixture.blob(archive)
        try Shell.run("\(compress) < \(path) > \(fixture.folder)/archive")
        let file = try FileDescriptor.open(fixture.folder.appending("archive"), .readOnly)
        defer { try? file.close() }
        let packed = try await LayerPacker().pack(.archive(file), into: fixture.folder.appending("packed"))
        #expect(packed.diffID == Digest.of(archive))
        let sum = try Shell.run("gzip -dc < \(fixture.folder)/packed | sha256sum | cut -c1-64")
        #expect(packed.diffID.hex == sum.dropLast())
    }
}
