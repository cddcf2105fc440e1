import Glibc
import ImageSpec
import NIOHTTP1
import Synchronization
import SystemPackage
import Testing

@Suite("The server's end and its next start", .timeLimit(.minutes(5)))
struct DurabilityTests {
    @Test("SIGTERM ends an upload in flight with 503, and it goes on after a restart")
    func terminateDuringUpload() async throws {
        let bytes = pseudorandomBytes(2_000_000)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let quick = ["BERTHD_DRAIN_TIME": "1s"]
            let registry = try await Berthd.start(on: bench, folder: folder, environment: quick)
            let location = try await registry.startUpload(in: "app")
            let connection = try RawConnection(to: registry.host)
            try connection.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n")
            try connection.send(Array(bytes[..<1_200_000]))
            try await waitForUpload(in: folder)
            registry.process.send(signal: SIGTERM)

            let answer = String(decoding: try connection.readToEnd(), as: UTF8.self)
            #expect(answer.hasPrefix("HTTP/1.1 503"), "\(answer)")
            #expect(answer.contains("Retry-After"))
            #expect(answer.contains(#""code":"UNAVAILABLE""#))
            #expect(try await registry.process.result(within: .seconds(20)).status == .exited(0))

            let next = try await Berthd.start(on: bench, folder: folder)
            #expect(try await next.call(.GET, location).headers["range"] == ["0-1199999"])
            let rest = Array(bytes[1_200_000...])
            #expect(try await next.call(.PUT, "\(location)?digest=\(Digest.of(bytes))", body: rest).status == 201)
            #expect(try await next.call(.GET, "/v2/app/blobs/\(Digest.of(bytes))").body.elementsEqual(bytes))
        }
    }

    @Test("SIGTERM's 503 reaches a client that goes on sending")
    func terminateWhileSending() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let quick = ["BERTHD_DRAIN_TIME": "1s"]
            let registry = try await Berthd.start(on: bench, folder: folder, environment: quick)
            let location = try await registry.startUpload(in: "app")
            let connection = try RawConnection(to: registry.host)
            try connection.send("PATCH \(location) HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\n")
            let sending = Task.detached {
                let chunk = pseudorandomBytes(20_000)
                while !Task.isCancelled {
                    try connection.send(chunk)
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
            try await waitForUpload(in: folder)
            registry.process.send(signal: SIGTERM)
            let answer = try connection.read(until: "UNAVAILABLE")
            sending.cancel()
            #expect(answer.hasPrefix("HTTP/1.1 503"), "\(answer)")
            #expect(try await registry.process.result(within: .seconds(20)).status == .exited(0))
        }
    }

    @Test("SIGTERM lets requests under way end in the drain time, and takes no new connections")
    func drain() async throws {
        let bytes = pseudorandomBytes(1_000_000)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let location = try await registry.startUpload(in: "app")
            let connection = try RawConnection(to: registry.host)
            let path = "\(location)?digest=\(Digest.of(bytes))"
            try connection.send("PUT \(path) HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n")
            try connection.send(Array(bytes[..<500_000]))
            try await waitForUpload(in: folder)
            registry.process.send(signal: SIGTERM)
            let isClosed = try await poll(within: .seconds(10)) {
                LoopbackPort.answers(registry.host.port ?? 0) ? nil : true
            }
            #expect(isClosed == true)
            try connection.send(Array(bytes[500_000...]))
            #expect(String(decoding: try connection.readToEnd(), as: UTF8.self).hasPrefix("HTTP/1.1 201"))
            #expect(try await registry.process.result(within: .seconds(20)).status == .exited(0))
        }
    }

    @Test("an acknowledged chunk survives SIGKILL, and the session goes on behind it")
    func killBetweenChunks() async throws {
        let bytes = pseudorandomBytes(700_000)
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            var registry = try await Berthd.start(on: bench, folder: folder)
            let location = try await registry.startUpload(in: "app")
            for start in stride(from: 0, to: 700_000, by: 100_000) {
                let range = start..<start + 100_000
                let headers: HTTPHeaders = ["content-range": "\(start)-\(range.upperBound - 1)"]
                let reply = try await registry.call(.PATCH, location, headers: headers, body: Array(bytes[range]))
                #expect(reply.status == 202)
                registry.process.send(signal: SIGKILL)
                try await registry.process.result(within: .seconds(10))
                registry = try await Berthd.start(on: bench, folder: folder)
                #expect(try await registry.call(.GET, location).headers["range"] == ["0-\(range.upperBound - 1)"])
            }
            #expect(try await registry.call(.PUT, "\(location)?digest=\(Digest.of(bytes))").status == 201)
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(bytes))").body.elementsEqual(bytes))
        }
    }

    @Test(
        "every image that was acknowledged before a SIGKILL is whole after it",
        arguments: [1, 2, 3, 4, 5] as [UInt64]
    )
    func killUnderLoad(seed: UInt64) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let registry = try await Berthd.start(on: bench, folder: folder)
            let acknowledged = Acknowledged()
            await withTaskGroup(of: Void.self) { group in
                for client in 0..<4 as Range<UInt64> {
                    group.addTask { await pushUntilRefused(registry, client: client, seed: seed, acknowledged) }
                }
                // In the middle of whatever is going on then, but not before something is there to lose.
                _ = try? await poll(within: .seconds(60)) { acknowledged.images.count >= 2 * seed ? true : nil }
                try? await Task.sleep(for: .milliseconds(7 * seed))
                registry.process.send(signal: SIGKILL)
                group.cancelAll()
            }
            try await registry.process.result(within: .seconds(10))
            let images = acknowledged.images
            #expect(images.count >= 2 * seed)

            let next = try await Berthd.start(on: bench, folder: folder)
            for image in images {
                let manifest = try await next.call(.GET, "/v2/load/manifests/\(image.tag)")
                #expect(manifest.body.elementsEqual(image.manifest.bytes))
                for layer in image.layers {
                    #expect(try await next.call(.GET, "/v2/load/blobs/\(Digest.of(layer))").body.elementsEqual(layer))
                }
            }
        }
    }

    /// Waits until a request is writing to an upload: its file is there.
    private func waitForUpload(in folder: FilePath) async throws {
        let isWriting = try await poll(within: .seconds(30)) { try storedFiles(in: folder).isEmpty ? nil : true }
        #expect(isWriting == true)
    }

    private func pushUntilRefused(
        _ registry: RunningRegistry,
        client: UInt64,
        seed: UInt64,
        _ acknowledged: Acknowledged
    ) async {
        for round in 0..<1000 as Range<UInt64> {
            let number = seed << 32 | client << 16 | round
            let layers = [pseudorandomBytes(200_000, seed: number + 1), pseudorandomBytes(50, seed: number + 2)]
            let tag = "image-\(number)"
            guard let manifest = try? await registry.push(layers: layers, to: "load", tag: tag) else { return }
            acknowledged.add(PushedImage(tag: tag, manifest: manifest, layers: layers))
        }
    }

    @Test("a second server on the same data folder is refused with one clear line")
    func sameFolder() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            _ = try await Berthd.start(on: bench, folder: folder)
            let second = try await BuiltProgram.berthd.command(
                ["serve", "--listen", "127.0.0.1:0", "--data", folder.string]
            ).run()
            #expect(second.status == .exited(1))
            #expect(second.errorText.contains("another berthd uses the data folder '\(folder)'"))
            #expect(second.errorText.split(separator: "\n").count == 1)
        }
    }

    @Test("a flag wins over the environment, and that over the file")
    func configuration() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("listen: 127.0.0.1:1\ndata: /nowhere\nlog_level: error\n", to: file)
            let registry = try await Berthd.start(
                on: bench,
                arguments: ["--config", file.string],
                environment: ["BERTHD_DATA": "/elsewhere", "BERTHD_LOG_LEVEL": "debug"]
            )
            #expect(try await registry.call(.GET, "/v2/").status == 200)
            // The log is written by a thread of its own.
            let isLogged = try await poll(within: .seconds(10)) {
                String(decoding: registry.process.errorSoFar, as: UTF8.self).contains("/v2/") ? true : nil
            }
            #expect(isLogged == true)
        }
    }

    @Test(
        "what a configuration file may not hold is named",
        arguments: [
            ("listen: nonsense", "should be HOST:PORT"),
            ("lisen: 127.0.0.1:0", "berthd.yaml:1: unknown key 'lisen'; did you mean 'listen'?"),
            ("- a", "keys and values"),
            ("drain_time: soon", "should be a time"), ("log_level: loud", "should be one of"),
            ("data:", "should be a folder's path"), ("a: [", "not YAML"),
        ]
    )
    func badConfiguration(yaml: String, complaint: String) async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write(yaml, to: file)
            let result = try await BuiltProgram.berthd.command(["serve", "--config", file.string]).run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains(complaint))
        }
    }
}

struct PushedImage: Sendable {
    let tag: String
    let manifest: Manifest
    let layers: [[UInt8]]
}

/// The images that the server said it has; several clients add to it.
final class Acknowledged: Sendable {
    private let list = Mutex<[PushedImage]>([])

    var images: [PushedImage] { list.withLock { $0 } }

    func add(_ image: PushedImage) {
        list.withLock { $0.append(image) }
    }
}
