import Glibc
import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("Interrupted pulls", .timeLimit(.minutes(2)))
struct InterruptedPullTests {
    @Test("a pull that was killed goes on where it was, in another process")
    func killedPull() async throws {
        // A tar archive: two blocks of zeros end it, and what follows them is padding.
        let layer = [UInt8](repeating: 0, count: 1 << 20)
        let descriptor = Descriptor(mediaType: .ociLayer, content: layer)
        let config = try canonicalJSON(ImageConfig(platform: .host, diffIDs: [descriptor.digest]))
        let configDescriptor = Descriptor(mediaType: .ociConfig, content: config)
        let manifest = try Manifest(ImageManifest(config: configDescriptor, layers: [descriptor])).bytes
        let half = layer.count / 2

        try await ScriptedRegistry.use { request in
            if request.uri.contains("/manifests/") { return ScriptedAnswer(body: manifest) }
            if request.uri.hasSuffix("\(configDescriptor.digest)") { return ScriptedAnswer(body: config) }
            guard let range = request.header("Range") else {
                return .promising(layer.count, body: Array(layer[..<half]), ending: .silence)
            }
            let start = Int(range.dropFirst("bytes=".count).dropLast()) ?? 0
            return ScriptedAnswer(
                .partialContent,
                [("Content-Range", "bytes \(start)-\(layer.count - 1)/\(layer.count)")],
                body: Array(layer[start...])
            )
        } _: { server in
            try await TestBench.use { bench in
                let berth = try Berth(on: bench)
                let partial = berth.root.appending("tmp/sha256-\(descriptor.digest.hex).partial")
                let pull = try bench.start(berth("pull", "\(server.host)/app"))
                try await pull.wait(for: "store the first half") {
                    var status = stat()
                    return stat(partial.string, &status) == 0 && status.st_size == half ? true : nil
                }
                await pull.kill()

                try await berth("pull", "\(server.host)/app").output()
                #expect(server.requests.compactMap { $0.header("Range") } == ["bytes=\(half)-"])
                #expect(try berth.blobs().digests.values.contains(descriptor.digest))
                #expect(access(partial.string, F_OK) != 0)
            }
        }
    }

    @Test("an artifact that is no image is refused before its content is fetched")
    func artifact() async throws {
        let type = "application/vnd.example.chart.v1+json"
        let chart = try Descriptor(mediaType: MediaType(type), content: Array("{}".utf8))
        let manifest = try Manifest(ImageManifest(config: chart, layers: [])).bytes
        try await ScriptedRegistry.use { _ in
            ScriptedAnswer(body: manifest)
        } _: { server in
            try await TestBench.use { bench in
                let result = try await Berth(on: bench)("pull", "\(server.host)/chart").run()
                #expect(result.status == .exited(1))
                #expect(result.errorText.contains("is not a container image: it is an artifact of type \(type)"))
                #expect(server.requests.count == 1)
            }
        }
    }
}
