import Foundation
import ImageSpec
import SystemPackage

/// The list of many images in the client's store.
struct LocalImages: Benchmark {
    let name = "local-images"
    let count: Int

    var contestants: [Contestant] { [.berth] }

    var measures: [Measure] {
        [
            Measure(
                key: "local-images-time",
                title: "the list of \(count) images on this host",
                unit: "ms",
                better: .lower,
                goals: [.atMost(30, "30 ms")]
            )
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let store = try bench.filledFolder("local-images", fill)
        let log = bench.folder.appending("client.log").string
        let list = [bench.berth, "--root", store.string, "images"]
        _ = try MeasuredRun(list, log: log)
        let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n").count
        guard lines == count + 1 else { throw BenchmarkError("\(lines) lines for \(count) images") }
        let times = try (0..<10).map { _ in try TimedRun(list).seconds * 1000 }
        return ["local-images-time": median(times) ?? 0]
    }

    /// Writes the store's image layout as `berth` leaves it, each image with a manifest and a config of its own.
    private func fill(_ store: FilePath) throws {
        let layout = store.appending("images")
        let blobs = layout.appending("blobs/sha256")
        try FileManager.default.createDirectory(atPath: blobs.string, withIntermediateDirectories: true)
        func write(_ bytes: [UInt8], _ mediaType: String) throws -> String {
            let digest = Digest.of(bytes)
            try Data(bytes).write(to: URL(fileURLWithPath: blobs.appending(digest.hex).string))
            return descriptor(of: bytes, digest, mediaType)
        }
        let entries = try (0..<count).map { number in
            let created = "2024-01-01T00:00:\(number % 60 < 10 ? "0" : "")\(number % 60)Z"
            let config = """
                {"architecture":"amd64","os":"linux","created":"\(created)","config":{"Labels":{"number":"\(number)"}},\
                "rootfs":{"type":"layers","diff_ids":["\(Digest.of("\(number)".utf8))"]}}
                """
            let layer = descriptor(of: [], .of("layer \(number)".utf8), layerType)
            let manifest = imageManifest(config: try write(Array(config.utf8), configType), layers: [layer])
            let name = "registry.example/team/app-\(number):1.0"
            let annotations = """
                ,"annotations":{"org.opencontainers.image.ref.name":"\(name)",\
                "dev.berth.image.id":"\(Digest.of(config.utf8))","dev.berth.image.created":"\(created)",\
                "dev.berth.image.size":"0"}}
                """
            return try write(manifest, manifestType).dropLast() + annotations
        }
        let index = #"{"schemaVersion":2,"manifests":[\#(entries.joined(separator: ","))]}"#
        try index.write(toFile: layout.appending("index.json").string, atomically: false, encoding: .utf8)
        let marker = layout.appending("oci-layout").string
        try #"{"imageLayoutVersion":"1.0.0"}"#.write(toFile: marker, atomically: false, encoding: .utf8)
    }
}
