import ImageSpec
import NIOCore
import NIOHTTP1
import RegistryClient
import Synchronization
import Testing

@Suite("Blobs over several connections", .timeLimit(.minutes(2)))
struct BlobFetchTests {
    private let repository: RepositoryName
    private let content = pseudorandomBytes(5 << 20)
    private let descriptor: Descriptor

    init() throws {
        repository = try RepositoryName("app")
        descriptor = Descriptor(mediaType: .ociLayer, content: content)
    }

    @Test("where each connection is slow, several fetch a blob's ranges, each byte once and in order")
    func throttled() async throws {
        try await fetch(with: { _ in .throttled(to: 1 << 20) }) { proxy, time in
            let pulls = proxy.requests.filter(\.isBlobPull)
            #expect(pulls.count == 20)
            #expect(Set(pulls.map { $0.header("Range") }).count == 20)
            #expect(proxy.pulledBytes == content.count)
            // One connection takes five seconds.
            #expect(time < .seconds(4))
        }
    }

    @Test("where one connection is fast, the rest comes over one")
    func fast() async throws {
        try await fetch(with: { _ in .none }) { proxy, _ in
            let ranges = proxy.requests.filter(\.isBlobPull).compactMap { $0.header("Range") }
            #expect(ranges == ["bytes=0-262143", "bytes=262144-"])
            #expect(proxy.pulledBytes == content.count)
        }
    }

    @Test("from a server that knows no ranges the whole comes over one connection")
    func withoutRanges() async throws {
        let plan: FaultProxy.Plan = { _ in
            var fault = Fault.throttled(to: 4 << 20)
            fault.dropsRange = true
            return fault
        }
        try await fetch(with: plan) { proxy, _ in
            #expect(proxy.requests.filter(\.isBlobPull).count == 1)
            #expect(proxy.pulledBytes == content.count)
        }
    }

    @Test("a server that forgets about ranges in between sends the rest over one connection")
    func forgottenRanges() async throws {
        let plan: FaultProxy.Plan = { request in
            var fault = Fault.throttled(to: request.number < 10 ? 1 << 20 : 64 << 20)
            fault.dropsRange = request.isBlobPull && request.number >= 10
            return fault
        }
        try await fetch(with: plan) { proxy, _ in
            #expect(proxy.requests.last?.header("Range")?.hasSuffix("-") == true)
        }
    }

    @Test("cut connections go on within their ranges")
    func cuts() async throws {
        let plan: FaultProxy.Plan = { request in
            var fault = Fault.throttled(to: 1 << 20)
            if request.isBlobPull, request.number % 3 == 0 { fault.responseBreak = (100_000, .cut) }
            return fault
        }
        try await fetch(with: plan) { proxy, _ in
            let pulls = proxy.requests.filter(\.isBlobPull)
            #expect(pulls.count > 20)
            #expect(proxy.pulledBytes <= content.count + pulls.count * (64 << 10))
        }
    }

    @Test("content that proves wrong is not taken")
    func wrong() async throws {
        await #expect(throws: RegistryClientError.self) {
            try await fetch(with: { request in
                var fault = Fault.throttled(to: 1 << 20)
                if request.header("Range")?.hasPrefix("bytes=1048576-") == true { fault.corruptedByte = 7 }
                return fault
            }) { _, _ in }
        }
    }

    /// Fetches the content by a policy for smaller blobs than usual.
    private func fetch(
        with plan: @escaping FaultProxy.Plan,
        _ check: @escaping @Sendable (FaultProxy, Duration) -> Void
    ) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            _ = try await RegistryClient(registry: registry.host).push(descriptor, to: repository) {
                Bytes(bytes: content, start: $0)
            }
            try await FaultProxy.use(before: registry.host, plan) { proxy in
                var configuration = RegistryClient.Configuration()
                configuration.ranges.smallestBlob = 1 << 20
                configuration.ranges.segment = 256 << 10
                configuration.ranges.worthwhile = .seconds(2)
                configuration.retries.firstDelay = .milliseconds(1)
                let client = try RegistryClient(registry: proxy.host, configuration: configuration)
                let began = ContinuousClock.now
                var hasher = DigestHasher(.sha256)
                var count = 0
                let prefix = BlobPrefix(hasher: hasher, length: 0)
                try await client.fetch(descriptor, in: repository, after: prefix) { buffer in
                    buffer.withUnsafeReadableBytes { hasher.update($0) }
                    count += buffer.readableBytes
                }
                #expect(count == content.count && hasher.finalize() == descriptor.digest)
                check(proxy, ContinuousClock.now - began)
            }
        }
    }
}
