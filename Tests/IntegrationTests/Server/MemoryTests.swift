import AsyncHTTPClient
import ImageSpec
import NIOCore
import Testing

@Suite("The server's memory", .timeLimit(.minutes(10)))
struct MemoryTests {
    @Test("a blob of 2 GiB goes up and down in less than 150 MiB")
    func largeBlob() async throws {
        let block = ByteBuffer(bytes: pseudorandomBytes(1 << 20))
        let count = 2048
        var hasher = DigestHasher(.sha256)
        for _ in 0..<count { block.withUnsafeReadableBytes { hasher.update($0) } }
        let digest = hasher.finalize()
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let location = try await registry.startUpload(in: "large")
            var put = HTTPClientRequest(url: "\(registry.url)\(location)?digest=\(digest)")
            put.method = .PUT
            put.body = .stream(
                AsyncStream.repeating(block, count: count),
                length: .known(Int64(count) * Int64(block.readableBytes))
            )
            let pushed = try await HTTPClient.shared.execute(put, timeout: .minutes(5))
            #expect(pushed.status == .created)

            let get = HTTPClientRequest(url: "\(registry.url)/v2/large/blobs/\(digest)")
            let pulled = try await HTTPClient.shared.execute(get, timeout: .minutes(5))
            var received = DigestHasher(.sha256)
            for try await buffer in pulled.body { buffer.withUnsafeReadableBytes { received.update($0) } }
            #expect(received.finalize() == digest)

            let peak = try #require(registry.process.peakResidentMemory)
            print("berthd's peak resident memory: \(peak >> 20) MiB")
            #expect(peak < 150 << 20)
        }
    }
}

extension AsyncStream where Element: Sendable {
    /// Gives `element` `count` times, when asked for it.
    static func repeating(_ element: Element, count: Int) -> AsyncStream {
        let left = Countdown(count)
        return AsyncStream { await left.next() ? element : nil }
    }
}

private actor Countdown {
    private var left: Int

    init(_ count: Int) {
        left = count
    }

    func next() -> Bool {
        left -= 1
        return left >= 0
    }
}
