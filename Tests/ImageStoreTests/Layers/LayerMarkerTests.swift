import Foundation
import ImageSpec
import ImageStore
import SystemPackage
import Testing

@Suite("Layer whiteouts", .enabled(if: geteuid() == 0, "only root can mount an overlay here"))
struct LayerMarkerTests {
    /// What is seen when `upper` lies on a layer with `etc/a`, `etc/b`, `usr/x/y` and `top`.
    private func merged(_ upper: (inout TarBuilder) -> Void) async throws -> [String] {
        let fixture = try LayerFixture()
        let below = TarBuilder.archive {
            $0.add("etc/", .folder, mode: 0o755)
            $0.add("etc/a", content: "below")
            $0.add("etc/b", content: "below")
            $0.add("usr/", .folder, mode: 0o755)
            $0.add("usr/x/", .folder, mode: 0o755)
            $0.add("usr/x/y", content: "below")
            $0.add("top", content: "below")
        }
        let lower = try await fixture.unpack(below)
        let upper = try await fixture.unpack(TarBuilder.archive(upper))
        let listing = try Shell.run(
            """
            cd \(fixture.folder); mkdir merged
            unshare -m bash -ec 'mount -t overlay overlay -o lowerdir=\(upper):\(lower) merged
            cd merged; find . -mindepth 1 -not -type d -printf "%P=" -exec cat {} \\; -printf "\\n"' | LC_ALL=C sort
            """
        )
        return listing.split(separator: "\n").map(String.init)
    }

    @Test("a whiteout hides a file, a folder and a file at the top")
    func whiteout() async throws {
        let seen = try await merged {
            $0.add("etc/.wh.a")
            $0.add("usr/.wh.x")
            $0.add(".wh.top")
        }
        #expect(seen == ["etc/b=below"])
    }

    @Test("an opaque folder shows only its own layer's files")
    func opaque() async throws {
        let seen = try await merged {
            $0.add("etc/", .folder, mode: 0o755)
            $0.add("etc/c", content: "above")
            $0.add("etc/.wh..wh..opq")
        }
        #expect(seen == ["etc/c=above", "top=below", "usr/x/y=below"])
    }

    @Test("a file that comes with a whiteout of its name is seen", arguments: [true, false])
    func whiteoutAndFile(whiteoutFirst: Bool) async throws {
        let seen = try await merged {
            if whiteoutFirst { $0.add("etc/.wh.a") }
            $0.add("etc/a", content: "above")
            if !whiteoutFirst { $0.add("etc/.wh.a") }
        }
        #expect(seen == ["etc/a=above", "etc/b=below", "top=below", "usr/x/y=below"])
    }

    @Test("a folder that comes with a whiteout of its name shows nothing from below", arguments: 0..<3)
    func whiteoutAndFolder(order: Int) async throws {
        let seen = try await merged {
            if order == 0 { $0.add("usr/.wh.x") }
            if order != 1 { $0.add("usr/x/", .folder, mode: 0o755) }
            if order == 1 { $0.add("usr/.wh.x") }
            $0.add("usr/x/z", content: "above")
            if order == 2 { $0.add("usr/.wh.x") }
        }
        #expect(seen == ["etc/a=below", "etc/b=below", "top=below", "usr/x/z=above"])
    }

    @Test("the bookkeeping of aufs is no part of the layer")
    func bookkeeping() async throws {
        let seen = try await merged {
            $0.add(".wh..wh.plnk/", .folder)
            $0.add(".wh..wh.plnk/1.2", content: "x")
            $0.add(".wh..wh.aufs")
        }
        #expect(seen == ["etc/a=below", "etc/b=below", "top=below", "usr/x/y=below"])
    }
}
