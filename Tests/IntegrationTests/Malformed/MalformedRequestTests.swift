import Glibc
import ImageSpec
import SystemPackage
import Testing

/// `BERTH_MALFORMED_SEED` sends the same requests again, `BERTH_MALFORMED_COUNT` more of them.
@Suite("Malformed requests", .timeLimit(.minutes(10)))
struct MalformedRequestTests {
    private let count = number("BERTH_MALFORMED_COUNT") ?? 250
    private let seed = number("BERTH_MALFORMED_SEED") ?? UInt64.random(in: 0..<1_000_000)

    @Test("of every kind are answered or cut off: no crash, no 500, no hang, and memory stays bounded")
    func malformed() async throws {
        print("malformed requests: \(count) with BERTH_MALFORMED_SEED=\(seed)")
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            let blob = Array("blob".utf8)
            let image = try await registry.push(layers: [blob], to: "app", tag: "kept")
            let upload = try await registry.startUpload(in: "app")
            var requests = MalformedRequests(seed: seed, upload: upload)
            for number in 0..<count {
                let request = requests.next()
                let outcome = try await outcome(of: request, on: registry)
                #expect(!outcome.contains(" 500 "), "\(request.name): \(outcome)")
                #expect(outcome != "silence", "\(request.name)")
                // The kernel may end the connection a moment before the process is gone.
                if outcome == "cut off" { try await Task.sleep(for: .milliseconds(20)) }
                try #require(
                    registry.process.status == nil,
                    "the server died of \(request.name): \(text(registry.process.errorSoFar))"
                )
                if number.isMultiple(of: 25) {
                    #expect(try await registry.call(.GET, "/v2/app/manifests/kept").body.elementsEqual(image.bytes))
                }
            }
            #expect(try await registry.call(.GET, "/v2/app/blobs/\(Digest.of(blob))").body.elementsEqual(blob))
            let memory = try #require(registry.process.peakResidentMemory)
            #expect(memory < 400 << 20, "\(memory >> 20) MiB")
        }
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes.suffix(3_000), as: UTF8.self) }

    /// Sends a request and nothing after it.
    ///
    /// - Returns: the answers' status lines; "silence" when the connection stays open without an end.
    private func outcome(of request: MalformedRequest, on registry: RunningRegistry) async throws -> String {
        let connection = try RawConnection(to: registry.host, patience: 10)
        do {
            try connection.send(request.bytes)
            connection.finishSending()
            let answer = String(decoding: try connection.readToEnd(), as: UTF8.self)
            return answer.split(separator: "\r\n").filter { $0.hasPrefix("HTTP/1.1 ") }.joined(separator: " ") + " "
        } catch let error as Errno where error == .brokenPipe || error == .connectionReset {
            return "cut off"
        } catch let error as Errno where error == .wouldBlock {
            return "silence"
        }
    }
}

private func number(_ variable: String) -> UInt64? {
    getenv(variable).flatMap { UInt64(String(cString: $0)) }
}
