import RegistryClient
import Storage

/// The connections of one download: how many, to whom, for what.
struct DownloadSchedule {
    private struct Connection {
        let source: UpstreamSource
        let task: Task<Void, any Error>
        let began: ContinuousClock.Instant
        /// How much had come when last looked, and since when no more has.
        var seen: (position: Int64, since: ContinuousClock.Instant)
    }

    private let run: DownloadRun
    private let sources: [UpstreamSource]
    /// By their assignments.
    private var connections: [Int: Connection] = [:]
    /// Those that don't have the blob, or don't let us have it.
    private var refusals: [Int: any Error] = [:]
    private var lastFailure: (any Error)?

    init(run: DownloadRun, trustedOnly: Bool) {
        self.run = run
        sources = run.upstream.sources.filter { !trustedOnly || $0.endpoint.isTrusted }
    }

    /// Why nothing comes.
    var failure: any Error {
        lastFailure ?? UpstreamFailure(upstream: run.upstream.name, reason: "nothing comes from any endpoint")
    }

    private var wantedCount: Int {
        run.download.size < run.policy.smallestSplit ? 1 : run.policy.connections
    }

    /// Opens connections as long as there is something to fetch and somebody to ask.
    mutating func fill(_ group: inout ThrowingTaskGroup<DownloadRun.Event, any Error>) {
        while connections.count < wantedCount {
            guard run.download.read({ !$0.plan.isComplete }), let source = pick() else { return }
            guard let assignment = assign(to: source) else {
                source.update { $0.abandoned() }
                return
            }
            source.update { $0.connectionOpened() }
            let task = Task { [run] in try await run.fetch(assignment, from: source) }
            connections[assignment.id] = Connection(
                source: source,
                task: task,
                began: .now,
                seen: (assignment.position, .now)
            )
            group.addTask {
                let result = await withTaskCancellationHandler {
                    await task.result
                } onCancel: {
                    task.cancel()
                }
                source.update { $0.connectionClosed() }
                var failure: (any Error)?
                if case .failure(let error) = result { failure = error }
                return .ended(assignment: assignment.id, source: source.index, failure: failure)
            }
        }
    }

    /// Takes note that a connection has ended.
    ///
    /// - Throws: why the download can't go on, when it can't.
    mutating func ended(_ id: Int, _ source: Int, _ failure: (any Error)?) throws {
        connections[id] = nil
        run.download.update { $0.plan.end(id) }
        guard let failure, !(failure is CancellationError) else { return }
        // Our own disk's fault: no endpoint can mend it.
        guard let known = failure as? RegistryClientError else { throw failure }
        lastFailure = UpstreamFailure(known, at: run.upstream.sources[source], of: run.upstream.name)
        switch known {
        case .refused(let refusal) where [401, 403, 404, 416].contains(refusal.status): refusals[source] = known
        case .wrongLength, .loginRefused, .tokenRefused, .forbiddenRedirect: refusals[source] = known
        default: break
        }
        guard connections.isEmpty, sources.allSatisfy({ refusals[$0.index] != nil }) else { return }
        if refusals.values.allSatisfy({ ($0 as? RegistryClientError)?.isNotFound == true }) {
            throw RegistryError.blobUnknown(run.download.digest)
        }
        throw self.failure
    }

    /// Ends connections that bring nothing, so that others get their parts.
    mutating func endStalled() {
        for (id, connection) in connections {
            let position = run.download.read { $0.plan.assignments[id]?.position } ?? 0
            if position != connection.seen.position {
                connections[id]?.seen = (position, .now)
            } else if connection.source.endpoint.isHeldBack {
                connections[id]?.seen = (position, .now)
            } else if ContinuousClock.now - connection.seen.since > run.policy.stallTime {
                connection.source.update { $0.failed(StalledConnection(), at: .now) }
                connection.task.cancel()
                connections[id]?.seen = (position, .now)
            }
        }
    }

    /// The endpoint to open the next connection to: the one with the fewest, the faster one of several.
    private func pick() -> UpstreamSource? {
        let records = sources.filter { refusals[$0.index] == nil }.map { (source: $0, record: $0.current) }
        let best = records.compactMap(\.record.rate).max() ?? 0
        let candidates = records.filter { source, record in
            record.connections < source.endpoint.configuration.connections
                // One that is so slow only keeps others waiting.
                && (record.rate ?? best) >= best / 10
                && (record.knowsRanges != false || connections.isEmpty)
        }.sorted { first, second in
            (first.record.connections, -(first.record.rate ?? best), first.source.index)
                < (second.record.connections, -(second.record.rate ?? best), second.source.index)
        }
        return candidates.first { $0.source.tryToBegin() }?.source
    }

    private func assign(to source: UpstreamSource) -> DownloadPlan.Assignment? {
        let record = source.current
        let now = ContinuousClock.now
        let times = connections.mapValues { (now - $0.began) / .seconds(1) }
        return run.download.update { [policy = run.policy, wantedCount] state in
            guard record.knowsRanges != false, wantedCount > 1 else {
                return state.plan.assign(to: source.index, upTo: state.plan.size)
            }
            if let new = state.plan.assign(to: source.index, upTo: Self.length(record, state.plan, policy)) {
                return new
            }
            guard let rate = record.rate else { return nil }
            let assignments = state.plan.assignments
            let rates = times.filter { $0.value > policy.trialTime / .seconds(1) }
                .reduce(into: [Int: Double]()) { rates, time in
                    guard let assignment = assignments[time.key] else { return }
                    rates[time.key] = Double(assignment.position - assignment.start) / time.value
                }
            return state.plan.assignTail(
                to: source.index,
                rate: rate,
                rates: rates,
                leastTime: policy.longestTail / .seconds(1)
            )
        }
    }

    /// How much to ask for at once: the faster the more, and toward the end less, so that all end at about the same time.
    private static func length(_ record: EndpointRecord, _ plan: DownloadPlan, _ policy: DownloadPolicy) -> Int64 {
        guard let rate = record.rate else { return policy.firstSegment }
        let share = plan.unassignedCount / Int64(2 * policy.connections)
        let length = min(share, Int64(min(rate * (policy.segmentTime / .seconds(1)), 1e12)))
        return min(max(length, policy.segments.lowerBound), policy.segments.upperBound)
    }
}

/// A connection was open and nothing came.
struct StalledConnection: Error, CustomStringConvertible {
    var description: String { "nothing came for a while" }
}
