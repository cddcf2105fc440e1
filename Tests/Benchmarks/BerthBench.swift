import ArgumentParser
import Foundation
import Glibc
import SystemPackage

/// `berth-bench`: measures berthd and berth beside those that people use now.
@main
struct BerthBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "berth-bench",
        abstract: "Measure berthd and berth beside others of their kind, in turn, on this machine's disk.",
        discussion: """
            Example: berth-bench --berthd .build/release/berthd --only manifest,put --rounds 5 --json bench.json
            """
    )

    @Option(help: "The berthd to measure.")
    var berthd = ".build/release/berthd"

    @Option(help: "The berth to measure.")
    var berth = ".build/release/berth"

    @Option(help: "The folder for everybody's data, on the disk to measure; it is emptied before and after.")
    var folder = ".build/bench"

    @Option(help: "The benchmarks to run, with commas between them; all, when left out.")
    var only: String?

    @Option(help: "How often each contestant has its turn.")
    var rounds: Int?

    @Option(help: "MiB of the large blob.")
    var size: Int?

    @Option(help: "The contestants, with commas between them; all, when left out.")
    var contestants: String?

    @Option(help: "The file to write every sample to, as JSON.")
    var json: String?

    @Flag(help: "Everything smaller, and one round.")
    var quick = false

    @Flag(help: "Let the registries write a line for each request.")
    var accessLog = false

    func run() throws {
        var settings = quick ? Settings.quick : Settings()
        if let rounds { settings.rounds = max(rounds, 1) }
        if let size { settings.blobSize = max(size, 1) << 20 }
        settings.accessLog = accessLog
        let benchmarks = try chosenBenchmarks(of: settings)
        let chosenContestants = try chosenContestants()
        // A connection that breaks is an error, not an end.
        signal(SIGPIPE, SIG_IGN)

        let bench = try Bench(folder: FilePath(folder), berthd: berthd, berth: berth, settings: settings)
        defer { bench.remove() }
        var report = Report(machine: .this, settings: settings)
        for benchmark in benchmarks {
            measure(benchmark, among: chosenContestants, on: bench, for: &report)
        }
        print(report.table, terminator: "")
        // Before the folder is emptied, which may take a while.
        fflush(nil)
        try json.map(report.write)
        guard report.failures.isEmpty else { throw ExitCode.failure }
    }

    private func measure(
        _ benchmark: any Benchmark,
        among contestants: [Contestant],
        on bench: Bench,
        for report: inout Report
    ) {
        var samples: [Contestant: [[String: Double]]] = [:]
        for round in 1...min(bench.settings.rounds, benchmark.maximumRounds) {
            for contestant in benchmark.contestants where contestants.contains(contestant) {
                let progress: String
                do {
                    let sample = try benchmark.sample(contestant, on: bench)
                    samples[contestant, default: []].append(sample)
                    progress = benchmark.measures.compactMap { sample[$0.key].map(rounded) }.joined(separator: "  ")
                } catch {
                    report.failures.append(
                        .init(benchmark: benchmark.name, contestant: contestant, round: round, error: "\(error)")
                    )
                    progress = "failed: \(error)"
                }
                let line = "\(benchmark.name) \(round) \(contestant.rawValue): \(progress)\n"
                FileHandle.standardError.write(Data(line.utf8))
            }
        }
        report.add(benchmark, samples: samples)
    }

    private func chosenBenchmarks(of settings: Settings) throws -> [any Benchmark] {
        let all = Self.benchmarks(settings)
        guard let only, !only.isEmpty else { return all }
        return try only.split(separator: ",").flatMap { name in
            let chosen = all.filter { $0.name == name }
            guard !chosen.isEmpty else {
                let known = all.map(\.name).joined(separator: ", ")
                throw ValidationError("'\(name)' is no benchmark; there are: \(known)")
            }
            return chosen
        }
    }

    private func chosenContestants() throws -> [Contestant] {
        guard let contestants, !contestants.isEmpty else { return Contestant.allCases }
        return try contestants.split(separator: ",").map { name in
            guard let contestant = Contestant(rawValue: String(name)) else {
                let known = Contestant.allCases.map(\.rawValue).joined(separator: ", ")
                throw ValidationError("'\(name)' is no contestant; there are: \(known)")
            }
            return contestant
        }
    }

    private static func benchmarks(_ settings: Settings) -> [any Benchmark] {
        let store = LargeStore(tags: settings.tags, repositories: settings.repositories)
        let image = RealImage(size: settings.imageSize)
        return [
            BlobDownload(name: "get1", streams: 1, repeats: settings.singleStreamRepeats),
            BlobDownload(name: "get16", streams: settings.streams, repeats: 1),
            SecureDownload(repeats: settings.singleStreamRepeats),
            BlobUpload(name: "put", style: .patch),
            BlobUpload(name: "put-single", style: .single),
            SmallRequests(name: "manifest", subject: .manifest, connections: settings.connections),
            SmallRequests(name: "version", subject: .version, connections: settings.connections),
            AuthenticatedRequests(connections: settings.connections),
            WrongLogins(clients: settings.wrongLogins, connections: settings.connections),
            HiddenTiming(requests: settings.timedRequests),
            ImagePush(images: settings.images, clients: settings.imageClients),
            PullThrough(),
            ListPages(subject: .tags, store: store),
            ListPages(subject: .catalog, store: store),
            Crowd(count: settings.crowd, blobSize: settings.crowdBlobSize),
            Start(store: store),
            ClientPull(image: image),
            ClientCopy(image: image),
            ClientPush(image: image),
            LocalImages(count: settings.localImages),
            ContainerRun(network: .none, count: settings.runs),
            ContainerRun(network: .bridge, count: settings.runs),
            SandboxRun(count: settings.runs),
            ContainerExec(count: settings.runs),
            FirstStart(isRootless: false),
            FirstStart(isRootless: true),
            ContainersAtOnce(count: settings.containersAtOnce),
            MonitorMemory(),
            ContainerList(count: settings.listedContainers),
            Leftovers(count: settings.runsBeforeCount),
        ]
    }
}
