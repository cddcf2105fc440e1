import Glibc
import ImageSpec
import SystemPackage
import Testing

@Suite("berthd check and the sweep", .timeLimit(.minutes(2)))
struct CheckTests {
    private func check(_ folder: FilePath, _ arguments: String...) async throws -> CommandResult {
        try await BuiltProgram.berthd.command(["check", "--data", folder.string] + arguments).run()
    }

    @Test("it finds nothing beside a server that is used, and exits with 0")
    func clean() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            try await registry.push(layers: [pseudorandomBytes(1_000)], to: "app", tag: "v1")
            let result = try await check(folder, "--digests")
            #expect(result.status == .exited(0))
            #expect(
                result.text
                    == "1 repositories, 1 manifests, 2 blobs (1002 bytes), 0 uploads: 0 damage, 0 litter, 0 remark\n"
            )
            #expect(result.errorText == "")
        }
    }

    @Test("it names what is damaged, and exits with 1; the server answers 500 to that, and serves the rest")
    func damage() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let layer = pseudorandomBytes(1_000)
            try await registry.push(layers: [layer], to: "app", tag: "v1")
            let lost = Digest.of(layer)
            let place = folder.appending("blobs").appending("sha256").appending(String(lost.hex.prefix(2)))
            for name in try names(in: place) { unlink(place.appending(name).string) }
            let before = try names(in: folder)

            let result = try await check(folder)
            #expect(result.status == .exited(1))
            #expect(result.text.contains("damage: blob \(lost): its bytes are not there"))
            #expect(try names(in: folder) == before, "it changes nothing")
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(lost)").status == 500)
            // A push mends it.
            try await registry.push(layer, to: "app")
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(lost)").body.elementsEqual(layer))
            #expect(try await check(folder, "--digests").status == .exited(0))
        }
    }

    @Test("it exits with 2 and one line where there is no registry, or no database")
    func impossible() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let nothing = try await check(folder)
            #expect(nothing.status == .exited(2))
            #expect(nothing.errorText.contains("there is no registry in '\(folder)'"))
            #expect(try names(in: folder) == [], "it makes nothing either")
            try write(String(repeating: "not a database ", count: 1_000), to: folder.appending("registry.sqlite"))
            let nonsense = try await check(folder)
            #expect(nonsense.status == .exited(2))
            #expect(nonsense.errorText.split(separator: "\n").count == 1, "\(nonsense.errorText)")
        }
    }

    @Test("a running server drops uploads that are idle for upload_ttl")
    func idleUploads() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder, environment: ["BERTHD_UPLOAD_TTL": "1s"])
            let upload = try await registry.startUpload(in: "app")
            #expect(try await registry.call(.PATCH, upload, body: [1, 2, 3]).status == 202)
            let end = try await poll(within: .seconds(20)) {
                try await registry.call(.GET, upload).status == 404 ? true : nil
            }
            #expect(end == true)
            #expect(try names(in: folder.appending("uploads")) == [])
        }
    }
}
