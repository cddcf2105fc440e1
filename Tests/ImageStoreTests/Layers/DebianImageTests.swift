import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

/// A real image, of packages that are installed on any Debian machine, unpacked by others and by us.
@Suite(
    "A Debian image",
    .enabled(if: geteuid() == 0 && Shell.has("umoci", "dpkg", "podman"), "needs root, dpkg, umoci and podman")
)
struct DebianImageTests {
    /// Programs with set-user-ID and set-group-ID, libraries behind links, folders of thousands of files.
    private static let packages = "base-files base-passwd bash coreutils login passwd perl-base tzdata util-linux"

    /// Makes the image in `folder`: the packages; and over them other owners, modes, attributes, whiteouts.
    private static func makeImage(in folder: FilePath) throws {
        try Shell.run(
            """
            cd \(folder)
            # Some packages still name their programs by the links in the root that lead to them.
            dpkg -L \(packages) 2>/dev/null | grep -vE '^/(\\.|proc|sys|dev|run|tmp)(/|$)' |
                sed -E 's,^/(bin|sbin|lib|lib64)/,/usr/\\1/,' | sort -u | while read -r path; do
                if [ -e "$path" ] || [ -L "$path" ]; then echo ".$path"; fi
            done > list
            [ $(wc -l < list) -gt 2000 ]
            tar -C / --numeric-owner --no-recursion --xattrs --xattrs-include='*' --sort=name -cf first.tar -T list

            mkdir -p tree/etc/new tree/usr/bin tree/usr/share/doc/bash tree/var/tmp tree/dev; cd tree
            chmod 700 etc/new; chown 123:456 etc/new; chmod 1777 var/tmp
            touch usr/share/doc/bash/.wh..wh..opq usr/share/doc/bash/only usr/bin/.wh.getopt etc/.wh.debian_version
            cp /bin/true usr/bin/capable; setcap cap_net_raw+ep usr/bin/capable
            ln usr/bin/capable usr/bin/hard; ln -s ../../nowhere usr/bin/dangling; ln -sf /etc/new etc/link
            truncate -s 8M var/tmp/sparse; printf end >> var/tmp/sparse
            mknod dev/null c 1 3; mkfifo dev/fifo; setfattr -n user.note -v text etc/new
            find . -exec touch -h -d '2020-02-03 04:05:06.5' {} +
            tar --numeric-owner --xattrs --xattrs-include='*' -S --format=pax -cf ../second.tar .
            cd ..
            umoci init --layout image; umoci new --image image:x
            umoci raw add-layer --image image:x first.tar; umoci raw add-layer --image image:x second.tar
            umoci gc --layout image; tar -C image -cf image.tar .
            """
        )
    }

    @Test("is entry for entry, with all attributes, what umoci and podman unpack")
    func sameTree() async throws {
        let fixture = try TemporaryStore()
        let folder = fixture.root.appending("work")
        try FileManager.default.createDirectory(atPath: folder.string, withIntermediateDirectories: true)
        try Self.makeImage(in: folder)

        let file = try FileDescriptor.open(folder.appending("image.tar"), .readOnly)
        defer { try? file.close() }
        var loaded: [LoadedImage] = []
        try await fixture.store.load(file) { loaded.append($0) }
        let image = try fixture.store.image(matching: "\(#require(loaded.first).id)")
        let layers = try await fixture.store.unpackedLayers(of: image).folders

        let (ours, podman) = (folder.appending("ours"), "podman --root \(folder)/podman --runroot \(folder)/run")
        let lower = layers.reversed().map(\.string).joined(separator: ":")
        try Shell.run("mkdir \(ours); mount -t overlay overlay -o lowerdir=\(lower) \(ours)")
        defer {
            _ = try? Shell.run(
                "umount \(ours); umount \(folder)/podman/overlay/*/merged \(folder)/podman/overlay || true"
            )
        }
        let actual = try Self.lines(of: ours)
        #expect(actual.count > 3000)
        try Shell.run("cd \(folder); umoci unpack --image image:x bundle")
        try Shell.run("\(podman) --storage-driver overlay load -q -i \(folder)/image.tar")
        let mounted = FilePath(String(try Shell.run("\(podman) image mount $(\(podman) images -q)").dropLast()))
        for theirs in [folder.appending("bundle").appending("rootfs"), mounted] {
            let differences = try Self.lines(of: theirs).symmetricDifference(actual).sorted()
            #expect(differences == [], "\(theirs):\n\(differences.prefix(20).joined(separator: "\n"))")
        }
    }

    /// All that can be told of a tree, but for folders' counts of links: a mounted overlay makes them up.
    private static func lines(of folder: FilePath) throws -> Set<String> {
        Set(try TreeListing.lines(of: folder).map { $0.replacing(/( d \d+ \d+:\d+ \S+) \d+ $/) { $0.output.1 } })
    }
}
