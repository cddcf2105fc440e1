import Foundation
import SystemPackage

/// The first and the last page of a long list.
struct ListPages: Benchmark {
    enum Subject { case tags, catalog }

    /// A page's entries.
    private static let pageSize = 100
    /// Listing walks docker-registry's folders each time: beyond this, it's asked for less than berthd.
    private static let dockerRegistryLimit = 10_000

    let subject: Subject
    let store: LargeStore

    var name: String { subject == .tags ? "tags" : "catalog" }
    var contestants: [Contestant] { [.berthd, .dockerRegistry] }

    var measures: [Measure] {
        let list = subject == .tags ? "\(store.tags) tags" : "\(store.repositories) repositories"
        let most = Self.dockerRegistryLimit
        let less = (subject == .tags ? store.tags : store.repositories) > most ? " (docker-registry: \(most))" : ""
        return [
            Measure(
                key: "\(name)-first",
                title: "the first page of \(Self.pageSize) out of \(list)\(less)",
                unit: "ms",
                better: .lower,
                goals: [.atMost(5, "5 ms")]
            ),
            Measure(
                key: "\(name)-last",
                title: "… the last page",
                unit: "ms",
                better: .lower,
                goals: [.atMost(5, "5 ms")]
            ),
            Measure(
                key: "\(name)-last-to-first",
                title: "… the last page's time by the first's",
                unit: "×",
                better: .lower,
                goals: [.atMost(1.25, "1.25")]
            ),
        ]
    }

    func sample(_ contestant: Contestant, on bench: Bench) throws -> [String: Double] {
        let data: FilePath
        switch contestant {
        case .berthd:
            data = try bench.filledFolder("large-store") { try store.fill($0, on: bench) }
        default:
            data = try bench.filledFolder("\(contestant.rawValue)-\(name)") { folder in
                switch subject {
                case .tags: try DockerRegistryFolders.fillTags(min(store.tags, Self.dockerRegistryLimit), in: folder)
                case .catalog:
                    try DockerRegistryFolders.fillRepositories(
                        min(store.repositories, Self.dockerRegistryLimit),
                        in: folder
                    )
                }
            }
        }
        let count = subject == .tags ? store.tags : store.repositories
        let known = contestant == .berthd ? count : min(count, Self.dockerRegistryLimit)
        return try bench.withServer(contestant, data: data) { server in
            let connection = try Connection(port: server.port)
            let pages = [path(last: nil), path(last: known - Self.pageSize - 1)]
            let times = try time(of: pages, contestant, over: connection)
            let (first, last) = (times[0], times[1])
            return ["\(name)-first": first, "\(name)-last": last, "\(name)-last-to-first": last / first]
        }
    }

    private func path(last index: Int?) -> String {
        let last = index.map { "&last=" + (subject == .tags ? LargeStore.tag($0) : LargeStore.repository($0)) } ?? ""
        let list = subject == .tags ? "\(LargeStore.taggedRepository)/tags/list" : "_catalog"
        return "/v2/\(list)?n=\(Self.pageSize)\(last)"
    }

    /// The median time of each page, in milliseconds; they take turns, so that a busy moment slows them alike.
    private func time(of pages: [String], _ contestant: Contestant, over connection: Connection) throws -> [Double] {
        var times = [[Double]](repeating: [], count: pages.count)
        for repetition in 0..<(contestant == .berthd ? 100 : 5) {
            for (index, page) in pages.enumerated() {
                let watch = Stopwatch()
                let (_, body) = try connection.request("GET", page, expecting: 200)
                times[index].append(watch.seconds * 1000)
                // docker-registry doesn't page tags: it answers with all of them.
                if contestant == .berthd, repetition == 0 { try check(body, of: page) }
            }
        }
        return times.map { median($0) ?? 0 }
    }

    private func check(_ body: [UInt8], of path: String) throws {
        let list = try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        let names = list?[subject == .tags ? "tags" : "repositories"] as? [String]
        guard names?.count == Self.pageSize else {
            throw BenchmarkError("\(path) gave \(names?.count ?? 0) names, not \(Self.pageSize)")
        }
    }
}
