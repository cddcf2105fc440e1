import Foundation
import Glibc
import SystemPackage

/// The first container of an image that was just taken, beside the tenth: nothing is copied or given other owners.
struct FirstStart: Benchmark {
    /// Whether by an ordinary user.
    let isRootless: Bool
    private static let user = "4711"

    var name: String { isRootless ? "first-start-rootless" : "first-start" }
    var contestants: [Contestant] { [.berth] }

    var measures: [Measure] {
        let who = isRootless ? ", by an ordinary user" : ""
        return [
            Measure(key: "\(name)-first", title: "the first run of a large image\(who)", unit: "ms", better: .lower),
            Measure(key: "\(name)-tenth", title: "… and the tenth", unit: "ms", better: .lower),
            Measure(
                key: "\(name)-ratio",
                title: "… the first by the tenth",
                unit: "",
                better: .lower,
                goals: [.atMost(1.5, "1.5")]
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let image = try bench.filledFolder("large-image") { try makeLargeImage(in: $0, on: bench) }
        return try bench.withFreshFolder { folder in
            chmod(folder.string, 0o755)
            let store = folder.appending("store").string
            let prefix = try isRootless && geteuid() == 0 ? userPrefix(owning: folder) : []
            let command = prefix + [bench.berth, "--root", store]
            try TimedRun(command + ["load", "-i", image.appending(TinyImage.archive).string])
            let run = ["run", "--rm", "--network", "none", TinyImage.name, "true"]
            let times = try (0..<10).map { _ in try TimedRun(command + run).seconds * 1000 }
            return ["\(name)-first": times[0], "\(name)-tenth": times[9], "\(name)-ratio": times[0] / times[9]]
        }
    }

    private func userPrefix(owning folder: FilePath) throws -> [String] {
        try Program.run("chown", Self.user, folder.string)
        return ["setpriv", "--reuid=\(Self.user)", "--regid=\(Self.user)", "--clear-groups"]
    }

    /// Many files of many sizes beside busybox: what copies or chowns them is seen.
    private func makeLargeImage(in folder: FilePath, on bench: Bench) throws {
        try TinyImage.make(in: folder, with: bench.berth)
        let script = """
            set -e; mkdir "$1/many"; cd "$1/many"
            for i in $(seq 100); do mkdir $i; for j in $(seq 100); do echo $i $j > $i/$j; done; done
            head -c 200000000 /dev/urandom > large
            """
        let root = folder.appending(TinyImage.root).string
        try Program.run("bash", "-c", script, "sh", root)
        let command = [bench.berth, "--root", folder.appending("store").string]
        try TimedRun(command + ["import", root, TinyImage.name])
        unlink(folder.appending(TinyImage.archive).string)
        let archive = folder.appending(TinyImage.archive).string
        try TimedRun(command + ["save", "-o", archive, TinyImage.name])
        // The ordinary user reads it, too.
        try Program.run("chmod", "-R", "go+rX", folder.string)
    }
}
