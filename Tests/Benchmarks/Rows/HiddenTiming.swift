import Foundation
import ImageSpec

/// Whether time tells what is forbidden from what isn't there, for somebody who is known and may read neither.
///
/// Both kinds are asked for in turns by chance, on one connection; a second name that isn't there says how much chance
/// alone tells apart.
struct HiddenTiming: Benchmark {
    let name = "timing"
    let requests: Int
    let contestants = [Contestant.berthd]
    let maximumRounds = 3

    private enum Subject: String, CaseIterable { case manifest, head, blob, tags }

    /// Of what a request is: what is hidden, what isn't there, and what isn't there under another name.
    private static let targets = [
        AccessFolder.repositories.hidden, AccessFolder.repositories.absent, "bench/nobody",
    ]

    var measures: [Measure] {
        Subject.allCases.flatMap { subject in
            [
                Measure(
                    key: "timing-\(subject.rawValue)",
                    title: "\(title(subject)): forbidden slower than missing, how often (0.5: no telling)",
                    unit: "",
                    better: .lower,
                    goals: [.atLeast(0.48, "0.48"), .atMost(0.52, "0.52")]
                ),
                Measure(
                    key: "timing-\(subject.rawValue)-control",
                    title: "… missing slower than missing",
                    unit: "",
                    better: .lower
                ),
                Measure(
                    key: "timing-\(subject.rawValue)-difference",
                    title: "… difference of the medians",
                    unit: "µs",
                    better: .lower
                ),
            ]
        }
    }

    private func title(_ subject: Subject) -> String {
        switch subject {
        case .manifest: "GET of a manifest"
        case .head: "HEAD of a manifest"
        case .blob: "GET of a blob"
        case .tags: "GET of tags"
        }
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data = try AccessFolder.make(on: bench)
        return try bench.withServer(contestant, data: data) { server in
            let connection = try Connection(port: server.port)
            var numbers: [String: Double] = [:]
            for subject in Subject.allCases {
                let times = try measure(subject, connection)
                let key = "timing-\(subject.rawValue)"
                numbers[key] = times[0].superiority(over: times[1])
                numbers["\(key)-control"] = times[2].superiority(over: times[1])
                numbers["\(key)-difference"] = times[0].median - times[1].median
                tell(subject, times)
            }
            return numbers
        }
    }

    /// - Returns: the times of each of ``targets``.
    private func measure(_ subject: Subject, _ connection: Connection) throws -> [Distribution] {
        let field = [AccessFolder.basic("stranger"), "Accept: \(manifestType)"]
        var times: [[Double]] = Self.targets.map { _ in [] }
        let warmUp = requests / 10
        for number in 0..<(requests + warmUp) {
            for target in Self.targets.indices.shuffled() {
                let path = path(of: subject, in: Self.targets[target])
                let start = ContinuousClock.now
                _ = try connection.request(
                    subject == .head ? "HEAD" : "GET",
                    path,
                    headers: field,
                    expecting: 404
                )
                let time = (ContinuousClock.now - start) / .microseconds(1)
                if number >= warmUp { times[target].append(time) }
            }
        }
        return times.map { Distribution($0) }
    }

    private func path(of subject: Subject, in repository: String) -> String {
        switch subject {
        case .manifest, .head: "/v2/\(repository)/manifests/latest"
        case .blob: "/v2/\(repository)/blobs/\(Digest.of(AccessFolder.layer))"
        case .tags: "/v2/\(repository)/tags/list"
        }
    }

    private func tell(_ subject: Subject, _ times: [Distribution]) {
        let (start, limit) = (times[1].percentile(0.01), times[1].percentile(0.98))
        var text = ""
        for (name, times) in zip(["forbidden", "missing", "missing too"], times) {
            let padded = name.padding(toLength: 11, withPad: " ", startingAt: 0)
            text += "  \(padded)  \(times.summary)  |\(times.histogram(from: start, to: limit))|\n"
        }
        let interval = times[0].medianDifference(from: times[1])
        let bounds = "\(decimal(interval.lowerBound, places: 2)) to \(decimal(interval.upperBound, places: 2))"
        text = "timing, \(title(subject)): forbidden − missing, medians: \(bounds) µs (95 %)\n" + text
        FileHandle.standardError.write(Data(text.utf8))
    }
}
