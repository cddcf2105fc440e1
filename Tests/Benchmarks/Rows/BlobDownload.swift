import Foundation
import Synchronization
import SystemPackage

/// A large blob, pulled over one connection or over many at once.
struct BlobDownload: Benchmark {
    let name: String
    let streams: Int
    /// Blobs that each stream gets.
    let repeats: Int

    var measures: [Measure] {
        [
            Measure(
                key: "\(name)-throughput",
                title: "GET of a large blob, \(streams) stream\(streams == 1 ? "" : "s")",
                unit: "MiB/s",
                better: .higher,
                goals: [.atLeast(0.95, of: .nginx)]
            ),
            Measure(
                key: "\(name)-cpu",
                title: "… the server's CPU time",
                unit: "s/GiB",
                better: .lower,
                goals: [.lessThan(.dockerRegistry)]
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let blob = bench.largeBlob
        let path = "/v2/bench/large/blobs/\(blob.digest)"
        let data = try bench.filledFolder("\(contestant.rawValue)-large") { try Self.fill($0, contestant, on: bench) }
        return try bench.withServer(contestant, data: data) { server in
            let port = server.port
            // Once for the page cache and the server's own warmth.
            try Self.get(path, count: blob.count, over: Connection(port: port))
            let before = server.processorTime
            let watch = Stopwatch()
            try onThreads(streams) { _ in
                let connection = try Connection(port: port)
                for _ in 0..<repeats { try Self.get(path, count: blob.count, over: connection) }
            }
            let bytes = Double(blob.count * streams * repeats)
            return [
                "\(name)-throughput": bytes / Double(1 << 20) / watch.seconds,
                "\(name)-cpu": (server.processorTime - before) / (bytes / Double(1 << 30)),
            ]
        }
    }

    private static func get(_ path: String, count: Int, over connection: Connection) throws {
        try connection.send("GET", path)
        let answer = try connection.receiveHead()
        let received = try connection.discardBody(of: answer)
        guard answer.status == 200, received == count else {
            throw BenchmarkError("GET \(path) gave \(answer.status) and \(received) bytes, not \(count)")
        }
    }

    /// Has `contestant` hold the large blob in `folder`.
    static func fill(_ folder: FilePath, _ contestant: Contestant, on bench: Bench) throws {
        let blob = bench.largeBlob
        guard contestant == .nginx else {
            return try bench.withServer(contestant, data: folder) { server in
                _ = try Connection(port: server.port).push(blob, to: "bench/large", style: .patch)
            }
        }
        try writeFile("v2/bench/large/blobs/\(blob.digest)", in: folder, Array(blob.start) + blob.tail)
    }
}

/// Writes a file that nginx is to serve.
func writeFile(_ name: String, in folder: FilePath, _ bytes: [UInt8]) throws {
    let path = folder.appending(name)
    try FileManager.default.createDirectory(
        atPath: path.removingLastComponent().string,
        withIntermediateDirectories: true
    )
    try Data(bytes).write(to: URL(fileURLWithPath: path.string))
}
