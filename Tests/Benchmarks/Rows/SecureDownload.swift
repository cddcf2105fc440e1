import Foundation
import SystemPackage

/// A large blob, pulled over TLS by curl: the same version, cipher and protocol for everyone.
struct SecureDownload: Benchmark {
    /// Whole blobs that are got one after the other over one connection.
    let repeats: Int

    let name = "tls"

    var contestants: [Contestant] { [.berthd, .nginx] }

    var measures: [Measure] {
        [
            Measure(
                key: "tls-throughput",
                title: "GET of a large blob over TLS 1.3, 1 stream",
                unit: "MiB/s",
                better: .higher,
                goals: [.atLeast(0.9, of: .nginx)]
            ),
            Measure(
                key: "tls-cpu",
                title: "… the server's CPU time",
                unit: "s/GiB",
                better: .lower,
                goals: []
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let blob = bench.largeBlob
        let path = "/v2/bench/large/blobs/\(blob.digest)"
        let data = try bench.filledFolder("\(contestant.rawValue)-large") { folder in
            try BlobDownload.fill(folder, contestant, on: bench)
        }
        let pair = try ServerCertificate(in: bench.folder)
        let securePort = try Server.freePort()
        let server = try Self.start(contestant, data: data, securePort: securePort, pair, on: bench)
        defer { server.stop() }
        let url = "https://127.0.0.1:\(securePort)\(path)"
        // Once for the page cache and the server's own warmth.
        try Self.get(url, count: blob.count, times: 1, pair)
        let before = server.processorTime
        let seconds = try Self.get(url, count: blob.count, times: repeats, pair)
        let bytes = Double(blob.count * repeats)
        return [
            "tls-throughput": bytes / Double(1 << 20) / seconds,
            "tls-cpu": (server.processorTime - before) / (bytes / Double(1 << 30)),
        ]
    }

    private static func start(
        _ contestant: Contestant,
        data: FilePath,
        securePort: Int,
        _ pair: ServerCertificate,
        on bench: Bench
    ) throws -> Server {
        let port = try Server.freePort()
        let command =
            contestant == .nginx
            ? try Server.nginx(port: port, data: data, on: bench, secure: (securePort, pair))
            : try Server.secureBerthd(port: port, data: data, on: bench, secure: (securePort, pair))
        return try Server.start(contestant, port: port, command: command, on: bench)
    }

    /// - Returns: how long all the answers took, in seconds, without curl's own start.
    @discardableResult
    private static func get(_ url: String, count: Int, times: Int, _ pair: ServerCertificate) throws -> Double {
        let request = ["--output", "/dev/null", url]
        let text = try Program.run(
            "curl",
            ["--silent", "--show-error", "--fail", "--http1.1", "--cacert", pair.certificate]
                + ["--tls13-ciphers", "TLS_AES_128_GCM_SHA256", "--tlsv1.3"]
                + ["--write-out", "%{size_download} %{time_total}\n"]
                + (0..<times).flatMap { _ in request }
        )
        let lines = text.split(separator: "\n").map { $0.split(separator: " ").compactMap { Double($0) } }
        guard lines.count == times, lines.allSatisfy({ $0.count == 2 && $0[0] == Double(count) }) else {
            throw BenchmarkError("GET \(url) gave \(text), not \(times) times \(count) bytes")
        }
        return lines.map { $0[1] }.reduce(0, +)
    }
}
