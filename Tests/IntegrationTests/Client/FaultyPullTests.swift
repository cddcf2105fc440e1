import Glibc
import ImageSpec
import NIOCore
import NIOHTTP1
import RegistryClient
import SystemPackage
import Testing

@Suite("Pulls over a bad line", .timeLimit(.minutes(20)))
struct FaultyPullTests {
    /// What may have been sent before a cut without being read, in bytes.
    private static let slack = 128 << 10

    @Test("connections that are cut at random bytes cost nothing that was here", arguments: RegistryUnderTest.allCases)
    func cuts(registry: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let registry = try await registry.start(on: bench)
            let image = try LayeredImage(sizes: [2 << 20, 1 << 20])
            try await image.push(to: "app", at: registry.host)
            try await FaultProxy.use(before: registry.host) { request in
                request.isBlobPull ? .cutResponse(after: .random(in: 100_000..<400_000)) : .none
            } _: { proxy in
                let berth = try Berth(on: bench)
                try await berth("pull", "\(proxy.host)/app").output()
                try expect(image, in: berth)
                let pulls = proxy.requests.filter(\.isBlobPull)
                #expect(pulls.count > 8)
                #expect(proxy.pulledBytes <= image.size + pulls.count * Self.slack)
                #expect(pulls.filter { $0.header("Range") == nil }.count == 3)
            }
        }
    }

    @Test("a registry that is busy or broken now and then is asked again", arguments: RegistryUnderTest.allCases)
    func refusals(registry: RegistryUnderTest) async throws {
        try await TestBench.use { bench in
            let registry = try await registry.start(on: bench)
            let image = try LayeredImage(sizes: [300_000, 500_000])
            let statuses: [HTTPResponseStatus] = [
                .tooManyRequests, .internalServerError, .badGateway, .serviceUnavailable,
            ]
            try await FaultProxy.use(before: registry.host) { request in
                request.number % 5 == 0 ? .answer(statuses[request.number / 5 % 4], ("Retry-After", "0")) : .none
            } _: { proxy in
                try await image.push(to: "app", at: proxy.host)
                let berth = try Berth(on: bench)
                try await berth("pull", "\(proxy.host)/app").output()
                try expect(image, in: berth)
            }
        }
    }

    @Test("a server that knows no ranges is asked for the whole again")
    func withoutRanges() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [1 << 20])
            try await image.push(to: "app", at: registry.host)
            let layer = "\(image.descriptors[0].digest)"
            try await FaultProxy.use(before: registry.host) { request in
                var fault = Fault.none
                fault.dropsRange = true
                if request.uri.hasSuffix(layer), request.number < 4 { fault.responseBreak = (500_000, .cut) }
                return fault
            } _: { proxy in
                let berth = try Berth(on: bench)
                try await berth("pull", "\(proxy.host)/app").output()
                try expect(image, in: berth)
                #expect(proxy.requests.contains { $0.header("Range") != nil && $0.status == .ok })
            }
        }
    }

    @Test("what arrives changed is fetched again, three times at most")
    func corruption() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [200_000])
            try await image.push(to: "app", at: registry.host)
            let layer = "\(image.descriptors[0].digest)"
            for changes in [2, 3] {
                try await FaultProxy.use(before: registry.host) { request in
                    request.uri.hasSuffix(layer) && request.number < 2 + changes ? .corrupted(at: 5000) : .none
                } _: { proxy in
                    let berth = try Berth(on: bench, root: "berth-\(changes)")
                    let pull = try await berth("pull", "\(proxy.host)/app").run()
                    #expect(proxy.requests.filter { $0.uri.hasSuffix(layer) }.count == 3)
                    if changes == 2 {
                        #expect(pull.status == .exited(0))
                        try expect(image, in: berth)
                    } else {
                        #expect(pull.status == .exited(1) && pull.errorText.contains("but what came is"))
                        #expect(try !berth.blobs().digests.values.contains(image.descriptors[0].digest))
                    }
                }
            }
        }
    }

    @Test("a layer whose first bytes a crash has torn is fetched and unpacked anew", arguments: [0, 0xff] as [UInt8])
    func torn(byte: UInt8) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [3_000_000])
            try await image.push(to: "app", at: registry.host)
            let berth = try Berth(on: bench)
            try await berth("images").output()
            let partial = berth.root.appending("tmp/sha256-\(image.descriptors[0].digest.hex).partial")
            let torn = try FileDescriptor.open(
                partial,
                .writeOnly,
                options: [.create],
                permissions: .ownerReadWrite
            )
            try torn.closeAfter { _ = try torn.writeAll([UInt8](repeating: byte, count: 1_000_000)) }

            try await berth("pull", "\(registry.host)/app").output()
            try expect(image, in: berth)
            let layers = berth.root.appending("layers/sha256")
            #expect(try names(in: layers) == [image.descriptors[0].digest.hex])
            #expect(try names(in: berth.root.appending("tmp")) == [])
        }
    }

    @Test("a connection that falls silent is left, in both directions")
    func stalls() async throws {
        let http = try RegistryClient.makeHTTP(connectTimeout: .seconds(5), idleTimeout: .milliseconds(400))
        var configuration = RegistryClient.Configuration()
        configuration.http = http
        let settings = configuration
        do {
            try await TestBench.use { bench in
                let registry = try await Berthd.start(on: bench)
                let repository = try RepositoryName("app")
                let content = pseudorandomBytes(2 << 20)
                let descriptor = Descriptor(mediaType: .ociLayer, content: content)
                try await FaultProxy.use(before: registry.host) { request in
                    if request.method == .PATCH, request.number < 4 { return .stallRequest(after: 600_000) }
                    let isFirst = request.isBlobPull && request.header("Range") == nil
                    return isFirst ? .stallResponse(after: 600_000) : .none
                } _: { proxy in
                    let client = try RegistryClient(registry: proxy.host, configuration: settings)
                    let push = try await client.push(descriptor, to: repository) { Bytes(bytes: content, start: $0) }
                    #expect(push == .uploaded)
                    var hasher = DigestHasher(.sha256)
                    for try await buffer in try client.blob(descriptor, in: repository) {
                        buffer.withUnsafeReadableBytes { hasher.update($0) }
                    }
                    #expect(hasher.finalize() == descriptor.digest)
                    #expect(proxy.pulledBytes <= content.count + Self.slack)
                    #expect(proxy.requests.filter { $0.method == .PATCH }.count > 1)
                }
            }
        } catch {
            try await http.shutdown()
            throw error
        }
        try await http.shutdown()
    }

    @Test("two processes that pull the same image fetch each layer once")
    func twoProcesses() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let image = try LayeredImage(sizes: [1 << 20, 1 << 20])
            try await image.push(to: "app", at: registry.host)
            try await FaultProxy.use(before: registry.host) { _ in
                .throttled(to: 1 << 20)
            } _: { proxy in
                let berth = try Berth(on: bench)
                async let one = berth("pull", "\(proxy.host)/app").output()
                async let two = berth("pull", "\(proxy.host)/app").output()
                _ = try await (one, two)
                try expect(image, in: berth)
                #expect(proxy.pulledBytes == image.size)
            }
        }
    }

    @Test("pulls that are killed at random instants cost nothing that was here, and the last one ends whole")
    func kills() async throws {
        for seed in KillRounds.groups(of: 12) { try await TestBench.use { try await kills(on: $0, seed: seed) } }
    }

    private func kills(on bench: TestBench, seed: UInt64) async throws {
        let registry = try await Berthd.start(on: bench)
        let image = try LayeredImage(sizes: [3 << 20, 2 << 20, 1 << 20])
        try await image.push(to: "app", at: registry.host)
        try await FaultProxy.use(before: registry.host) { _ in
            .throttled(to: 1 << 20)
        } _: { proxy in
            let berth = try Berth(on: bench)
            let delays = pseudorandomBytes(12, seed: seed)
            var kills = 0
            for delay in delays {
                let pull = try bench.start(berth("pull", "\(proxy.host)/app"))
                let isUnderWay = proxy.pulledBytes
                // From an instant before the first byte to one far in.
                _ = try await poll(within: .seconds(5)) { proxy.pulledBytes > isUnderWay ? true : nil }
                try await Task.sleep(for: .milliseconds(Int(delay)))
                if pull.status == nil { kills += 1 }
                await pull.kill()
            }
            try await berth("pull", "\(proxy.host)/app").output()
            try expect(image, in: berth)
            #expect(proxy.pulledBytes <= image.size + kills * 3 * (64 << 10))
        }
    }

    private func expect(
        _ image: LayeredImage,
        in berth: Berth,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let blobs = try berth.blobs().digests
        #expect(image.digests.isSubset(of: blobs.values), sourceLocation: sourceLocation)
        #expect(blobs.allSatisfy { $0.key == $0.value.hex }, sourceLocation: sourceLocation)
        let left = try names(in: berth.root.appending("tmp")).filter { $0.hasSuffix(".partial") }
        #expect(left.isEmpty, sourceLocation: sourceLocation)
    }
}
