import Glibc
import ImageSpec
import NIOHTTP1
import RegistryClient
import SystemPackage
import Testing

@Suite("Interrupted pushes", .timeLimit(.minutes(20)))
struct InterruptedPushTests {
    /// How much may be under way beside what the proxy has counted, and be lost with a connection.
    private static let slack = 256 << 10

    @Test("a push that was killed goes on where it was, in another process")
    func killedPush() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [12 << 20])
            let berth = try await stored(image, on: bench)
            try await FaultProxy.use(before: registry.host) { _ in
                .throttled(to: 8 << 20)
            } _: { proxy in
                let name = "\(proxy.host)/team/app"
                try await berth("tag", "image", name).output()
                let push = try bench.start(berth("push", name))
                try await push.wait(for: "send a part") { proxy.pushedBytes > 2 << 20 ? true : nil }
                await push.kill()

                #expect(try names(in: berth.root.appending("uploads")).contains { $0.hasSuffix(".json") })
                try await berth("push", name).output()
                #expect(proxy.pushedBytes <= image.size + Self.slack)
                #expect(proxy.requests.contains { $0.method == .GET && $0.uri.contains("/blobs/uploads/") })
                #expect(try names(in: berth.root.appending("uploads")).isEmpty)
                try await expect(image, in: "team/app", at: registry.host)
            }
        }
    }

    @Test("a connection that is cut in a push is made again, and only what did not arrive is sent again")
    func cutPush() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [4 << 20, 1 << 20])
            let berth = try await stored(image, on: bench)
            try await FaultProxy.use(before: registry.host) { request in
                request.method == .PATCH ? .cutRequest(after: 700_000) : .none
            } _: { proxy in
                let name = "\(proxy.host)/team/app"
                try await berth("tag", "image", name).output()
                try await berth("push", name).output()
                let patches = proxy.requests.filter { $0.method == .PATCH }
                #expect(patches.count == 6 + 2)
                #expect(proxy.pushedBytes <= image.size + patches.count * Self.slack)
                try await expect(image, in: "team/app", at: registry.host)
            }
        }
    }

    @Test("pushes that are killed at random instants cost nothing that was sent, and the last one ends whole")
    func kills() async throws {
        for seed in KillRounds.groups(of: 8) { try await TestBench.use { try await kills(on: $0, seed: seed) } }
    }

    private func kills(on bench: TestBench, seed: UInt64) async throws {
        let registry = try await Berthd.start(on: bench)
        let image = try LayeredImage(sizes: [6 << 20, 2 << 20])
        let berth = try await stored(image, on: bench)
        try await FaultProxy.use(before: registry.host) { _ in
            .throttled(to: 1 << 20)
        } _: { proxy in
            let name = "\(proxy.host)/team/app"
            try await berth("tag", "image", name).output()
            for delay in pseudorandomBytes(8, seed: seed) {
                let push = try bench.start(berth("push", name))
                let before = proxy.pushedBytes
                _ = try await poll(within: .seconds(5)) { proxy.pushedBytes > before ? true : nil }
                try await Task.sleep(for: .milliseconds(Int(delay)))
                await push.kill()
            }
            try await berth("push", name).output()
            // The first piece of a session that is still in use is sent in vain.
            #expect(proxy.pushedBytes <= image.size + 3 << 20)
            try await expect(image, in: "team/app", at: registry.host)
            #expect(try names(in: berth.root.appending("uploads")).isEmpty)
        }
    }

    @Test("chunks that docker-registry has are not sent again by another process")
    func killedBetweenChunks() async throws {
        try await TestBench.use { bench in
            let registry = try await DockerRegistry.start(on: bench)
            let image = try LayeredImage(sizes: [70 << 20])
            let berth = try await stored(image, on: bench)
            try await FaultProxy.use(before: registry.host) { request in
                var fault = Fault.none
                fault.buffersRequest = true
                let isSecondChunk = request.header("Content-Range")?.hasPrefix("33554432-") == true
                if isSecondChunk, request.number < 5 { fault.requestBreak = (1000, .stall) }
                return fault
            } _: { proxy in
                let name = "\(proxy.host)/team/app"
                try await berth("tag", "image", name).output()
                let push = try bench.start(berth("push", name))
                try await push.wait(for: "begin the second chunk") {
                    proxy.requests.contains { $0.header("Content-Range")?.hasPrefix("33554432-") == true } ? true : nil
                }
                await push.kill()

                try await berth("push", name).output()
                #expect(proxy.pushedBytes == image.size)
                try await expect(image, in: "team/app", at: registry.host)
            }
        }
    }

    @Test("what docker-registry forgot of a cut push is sent anew, and the image is whole", arguments: [true, false])
    func cutAtDockerRegistry(isKilled: Bool) async throws {
        try await TestBench.use { bench in
            let registry = try await DockerRegistry.start(on: bench)
            let image = try LayeredImage(sizes: [3 << 20])
            let berth = try await stored(image, on: bench)
            try await FaultProxy.use(before: registry.host) { request in
                guard request.method == .PATCH, request.number < 5 else { return .none }
                return isKilled ? .stallRequest(after: 1_000_000) : .cutRequest(after: 1_000_000)
            } _: { proxy in
                let name = "\(proxy.host)/team/app"
                try await berth("tag", "image", name).output()
                if isKilled {
                    let push = try bench.start(berth("push", name))
                    try await push.wait(for: "send a part") { proxy.pushedBytes == 1_000_000 ? true : nil }
                    await push.kill()
                }
                try await berth("push", name).output()
                try await expect(image, in: "team/app", at: registry.host)
                #expect(try names(in: berth.root.appending("uploads")).isEmpty)
            }
        }
    }

    @Test("a remembered session that leads to another host is not gone on with")
    func foreignSession() async throws {
        let content = [UInt8](repeating: 7, count: 300_000)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { _ in
            .status(.noContent, ("Range", "0-99999"))
        } _: { elsewhere in
            try await ScriptedRegistry.use { request in
                switch request.method {
                case .HEAD: .status(.notFound)
                case .POST, .PATCH: .status(.accepted, ("Location", "/upload"))
                default: .status(.created)
                }
            } _: { server in
                let client = try RegistryClient(registry: server.host)
                let memory = FixedMemory(address: "http://\(elsewhere.host)/upload")
                let push = try await client.push(
                    descriptor,
                    to: RepositoryName("app"),
                    remembering: memory
                ) { Bytes(bytes: content, start: $0) }
                #expect(push == .uploaded)
                #expect(elsewhere.requests.isEmpty)
                #expect(server.requests.map(\.method.rawValue) == ["HEAD", "POST", "PATCH", "PUT"])
            }
        }
    }

    @Test("a session's answer that leads to another host ends the push", arguments: ["PATCH", "GET"])
    func foreignLocation(method: String) async throws {
        let content = [UInt8](repeating: 7, count: 300_000)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            let isForeign = request.method.rawValue == method
            let location = ("Location", isForeign ? "http://localhost:1/upload" : "/upload")
            switch request.method {
            case .HEAD: return .status(.notFound)
            case .POST: return .status(.accepted, location)
            case .GET: return .status(.noContent, location, ("Range", "0-9999"))
            case .PATCH: return .status(.accepted, location)
            default: return .status(.created)
            }
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            let memory = FixedMemory(address: method == "GET" ? "http://\(server.host)/upload" : nil)
            await #expect(throws: RegistryClientError.self) {
                try await client.push(
                    descriptor,
                    to: RepositoryName("app"),
                    remembering: memory
                ) { Bytes(bytes: content, start: $0) }
            }
            #expect(server.requests.allSatisfy { $0.method != .PUT })
        }
    }

    @Test(
        "a session that can't be gone on with is left for a new one",
        arguments: ["404", "416", "0-0", "0-300000", "5-9", "0--5", "nonsense", ""]
    )
    func uselessSession(answer: String) async throws {
        let content = [UInt8](repeating: 7, count: 300_000)
        let descriptor = Descriptor(mediaType: .ociLayer, content: content)
        try await ScriptedRegistry.use { request in
            switch request.method {
            case .HEAD: .status(.notFound)
            case .GET: Int(answer).map { .status(.init(statusCode: $0)) } ?? .status(.noContent, ("Range", answer))
            case .POST, .PATCH, .DELETE: .status(.accepted, ("Location", "/new"))
            default: .status(.created)
            }
        } _: { server in
            let client = try RegistryClient(registry: server.host)
            let push = try await client.push(
                descriptor,
                to: RepositoryName("app"),
                remembering: FixedMemory(address: "http://\(server.host)/old")
            ) { Bytes(bytes: content, start: $0) }
            #expect(push == .uploaded)
            let patch = server.requests.first { $0.method == .PATCH }
            #expect(patch?.uri == "/new" && patch?.body.count == content.count)
        }
    }

    // MARK: -

    /// A client that has the image, as `image`.
    private func stored(_ image: LayeredImage, on bench: TestBench) async throws -> Berth {
        let source = try await Berthd.start(on: bench, folder: bench.makeFolder("source"))
        try await image.push(to: "image", at: source.host)
        let berth = try Berth(on: bench)
        try await berth("pull", source.name("image")).output()
        try await berth("tag", source.name("image"), "image").output()
        return berth
    }

    private func expect(
        _ image: LayeredImage,
        in repository: String,
        at host: RegistryHost,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let client = try RegistryClient(registry: host)
        let repository = try RepositoryName(repository)
        let manifest = try await client.manifest(.tag(.latest), in: repository).manifest
        #expect(manifest.bytes == image.manifest.bytes, sourceLocation: sourceLocation)
        // Reading a blob to its end proves its digest.
        for descriptor in image.descriptors {
            for try await _ in try client.blob(descriptor, in: repository) {}
        }
    }
}

/// Remembers what it was made with, whatever it is told.
private struct FixedMemory: UploadMemory {
    let address: String?

    func session(for target: UploadTarget) -> String? { address }
    func remember(_ session: String, for target: UploadTarget) {}
    func forget(_ target: UploadTarget) {}
}
