import Glibc
import ImageSpec
import NIOHTTP1
import SystemPackage
import TestSupport
import Testing

@Suite("A disk that fails", .timeLimit(.minutes(5)))
struct DiskFaultTests {
    @Test(
        "while the disk takes no writes pushes are refused with a reason, pulls go on, and nothing acknowledged is lost",
        .needs("cc"),
        arguments: [
            (Errno.noSpace, 507, "INSUFFICIENT_STORAGE"),
            (.readOnlyFileSystem, 503, "UNAVAILABLE"), (.ioError, 503, "UNAVAILABLE"),
        ]
    )
    func failingWrites(error: Errno, status: Int, code: String) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let disk = try await FaultyDisk(on: bench, failingIn: folder)
            let registry = try await Berthd.start(on: bench, folder: folder, environment: disk.environment)
            let layer = pseudorandomBytes(300_000)
            let image = try await registry.push(layers: [layer], to: "app", tag: "v1")
            let upload = try await registry.startUpload(in: "app")
            let bytes = pseudorandomBytes(3_000_000, seed: 2)
            let digest = Digest.of(bytes)
            let half = Array(bytes[..<1_500_000])
            #expect(try await registry.call(.PATCH, upload, body: half).status == 202)

            try disk.fail(with: error)
            let rest = Array(bytes[1_500_000...])
            let refusals = [
                try await registry.call(.POST, "/v2/app/blobs/uploads/"),
                try await registry.call(.POST, "/v2/app/blobs/uploads/?digest=\(digest)", body: bytes),
                try await registry.call(.PATCH, upload, headers: ["content-range": "1500000-2999999"], body: rest),
                try await registry.call(.PUT, "\(upload)?digest=\(digest)", body: rest),
                try await registry.put(image, to: "app", at: "v2"),
                try await registry.call(.DELETE, "/v2/app/manifests/v1"),
            ]
            for refusal in refusals {
                #expect(refusal.status == status, "\(refusal.text)")
                #expect(refusal.errorCodes == [code])
                #expect(refusal.headers["retry-after"] == ["60"])
                #expect(!refusal.text.contains(folder.string), "where the data lies is the operator's matter")
            }
            // Pulls go on, also of what no pull has asked for yet.
            #expect(try await registry.call(.GET, "/v2/app/manifests/v1").body.elementsEqual(image.bytes))
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(layer))").body.elementsEqual(layer))
            #expect(try await registry.call(.GET, upload).headers["range"] == ["0-1499999"])
            let log = String(decoding: registry.process.errorSoFar, as: UTF8.self)
            #expect(log.contains("storage failed"), "the operator is told")

            try disk.fail(with: nil)
            let end = try await registry.call(.PUT, "\(upload)?digest=\(digest)", body: rest)
            #expect(end.status == 201, "\(end.text)")
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(digest)").body.elementsEqual(bytes))
            #expect(try await registry.put(image, to: "app", at: "v2").status == 201)
            #expect(try await registry.call(.DELETE, "/v2/app/manifests/v2").status == 202)
            try await expectClean(folder)
        }
    }

    @Test("a disk that fails at any moment of a push loses nothing acknowledged", .needs("cc"))
    func intermittentFaults() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let disk = try await FaultyDisk(on: bench, failingIn: folder)
            let registry = try await Berthd.start(on: bench, folder: folder, environment: disk.environment)
            let faults = Task {
                var generator = SeededGenerator(seed: 7)
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(Int.random(in: 1...60, using: &generator)))
                    try disk.fail(with: [.noSpace, .ioError, .readOnlyFileSystem].randomElement(using: &generator))
                    try await Task.sleep(for: .milliseconds(Int.random(in: 1...20, using: &generator)))
                    try disk.fail(with: nil)
                }
            }
            var acknowledged: [Digest] = []
            for number in 0..<60 as Range<UInt64> {
                let bytes = pseudorandomBytes(40_000 + 20_000 * Int(number % 5), seed: number)
                let digest = Digest.of(bytes)
                let reply = try await registry.call(.POST, "/v2/app/blobs/uploads/?digest=\(digest)", body: bytes)
                #expect([201, 503, 507].contains(reply.status), "\(reply.text)")
                if reply.status == 201 { acknowledged.append(digest) }
            }
            faults.cancel()
            _ = try? await faults.value
            try disk.fail(with: nil)
            #expect(!acknowledged.isEmpty)
            for digest in acknowledged {
                let reply = try await registry.call(.GET, "/v2/app/blobs/\(digest)")
                #expect(Digest.of(reply.body) == digest)
            }
            try await expectClean(folder)
        }
    }

    @Test(
        "a full disk: pushes are refused, pulls and deletions go on, and when there is room pushes go on",
        .needs("mount", "fallocate", root: true)
    )
    func fullDisk() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await Command("mount", "-t", "tmpfs", "-o", "size=640m", "none", folder.string).output()
            let registry = try await Berthd.start(on: bench, folder: folder)
            let layer = pseudorandomBytes(300_000)
            let image = try await registry.push(layers: [layer], to: "app", tag: "v1")
            let upload = try await registry.startUpload(in: "app")

            // 512 MiB are kept free: an upload that would take of them ends, and what came of it stays.
            try await Command("fallocate", "-l", "100m", folder.appending("ballast").string).output()
            let bytes = pseudorandomBytes(48 << 20, seed: 3)
            let digest = Digest.of(bytes)
            let reply = try await registry.call(.PUT, "\(upload)?digest=\(digest)", body: bytes)
            try expectRefusal(reply)
            let offset = try await offset(of: upload, registry)
            #expect(offset > 10 << 20, "what came before the disk got too full is kept")
            #expect(offset < 44 << 20)
            try expectRefusal(try await registry.call(.POST, "/v2/app/blobs/uploads/"))
            try expectRefusal(try await registry.put(image, to: "app", at: "v2"))

            // Something else takes the rest: the disk is really full.
            _ = try await Command("dd", "if=/dev/zero", "of=\(folder)/more", "bs=1M", "count=640").run()
            #expect(try await registry.call(.GET, "/v2/app/manifests/v1").body.elementsEqual(image.bytes))
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(layer))").body.elementsEqual(layer))
            try expectRefusal(try await registry.call(.POST, "/v2/app/blobs/uploads/"))

            unlink(folder.appending("more").string)
            #expect(try await registry.call(.DELETE, "/v2/app/manifests/v1").status == 202)
            unlink(folder.appending("ballast").string)
            let rest = Array(bytes[offset...])
            #expect(try await registry.call(.PUT, "\(upload)?digest=\(digest)", body: rest).status == 201)
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(digest)").body.elementsEqual(bytes))
            try await expectClean(folder)
            await registry.process.stop()
        }
    }

    @Test("a folder that can't be written to is named in one line at the start", .needs("mount", root: true))
    func startOnReadOnlyDisk() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await Command("mount", "-t", "tmpfs", "-o", "ro", "none", folder.string).output()
            try await expectRefusedStart(in: folder, saying: "Read-only file system")
        }
    }

    @Test("a full disk is named in one line at the start", .needs("mount", root: true))
    func startOnFullDisk() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await Command("mount", "-t", "tmpfs", "-o", "size=64k", "none", folder.string).output()
            _ = try await Command("dd", "if=/dev/zero", "of=\(folder)/ballast", "bs=4k", "count=32").run()
            try await expectRefusedStart(in: folder, saying: "disk is full")
        }
    }

    private func expectRefusedStart(in folder: FilePath, saying reason: String) async throws {
        let result = try await BuiltProgram.berthd.command(
            ["serve", "--listen", "127.0.0.1:0", "--data", folder.string]
        ).run()
        #expect(result.status == .exited(1))
        #expect(result.errorText.contains(reason), "\(result.errorText)")
        #expect(result.errorText.contains(folder.string))
        #expect(result.errorText.split(separator: "\n").count == 1, "\(result.errorText)")
    }

    private func expectRefusal(_ reply: Reply) throws {
        #expect(reply.status == 507, "\(reply.text)")
        #expect(reply.errorCodes == ["INSUFFICIENT_STORAGE"])
        #expect(reply.errors.first?.detail?.isEmpty == false)
    }

    private func offset(of upload: String, _ registry: RunningRegistry) async throws -> Int {
        let reply = try await registry.call(.GET, upload)
        guard let last = reply.headers["range"].first?.split(separator: "-").last.flatMap({ Int($0) }) else {
            throw UnexpectedReply(reply: reply)
        }
        return last + 1
    }

    private func expectClean(_ folder: FilePath) async throws {
        let result = try await BuiltProgram.berthd.command(["check", "--data", folder.string, "--digests"]).run()
        #expect(result.status == .exited(0), "\(result.text)\(result.errorText)")
    }
}
