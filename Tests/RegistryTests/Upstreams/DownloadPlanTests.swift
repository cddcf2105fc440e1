import TestSupport
import Testing

@testable import Registry

/// The plan of a download under a generated interleaving of connections that begin, bring bytes, are cut and lose parts.
@Suite("Plans of downloads")
struct DownloadPlanTests {
    @Test("every byte is fetched, and none twice, whatever connections do", arguments: 0..<100)
    func everyByteOnce(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let size = Int64.random(in: 1...5000, using: &generator)
        var plan = DownloadPlan(size: size)
        var arrivals = [Int](repeating: 0, count: Int(size))
        var steps = 0
        while !plan.isComplete {
            steps += 1
            guard steps < 100_000 else {
                Issue.record("the plan doesn't end")
                return
            }
            let running = plan.assignments.keys.sorted()
            switch Int.random(in: 0..<10, using: &generator) {
            case 0...2 where running.count < 4:
                let source = Int.random(in: 0..<3, using: &generator)
                if plan.assign(to: source, upTo: Int64.random(in: 1...800, using: &generator)) == nil {
                    let rates = Dictionary(uniqueKeysWithValues: running.map { ($0, 10.0) })
                    _ = plan.assignTail(to: source, rate: 10, rates: rates, leastTime: 1)
                }
            case 3:
                if let id = running.randomElement(using: &generator) { plan.end(id) }
            default:
                guard let id = running.randomElement(using: &generator), let before = plan.assignments[id] else {
                    break
                }
                let kept = plan.accept(id, count: Int64.random(in: 1...300, using: &generator))
                for byte in before.position..<before.position + kept { arrivals[Int(byte)] += 1 }
                if !plan.arrived(id, count: kept) { plan.end(id) }
            }
        }
        #expect(arrivals.allSatisfy { $0 == 1 })
        #expect(plan.origins.values.reduce(0) { $0 + $1.count } == size)
        #expect(plan.unassignedCount == 0)
    }

    @Test("the first missing bytes are fetched first, and what is here isn't fetched")
    func order() {
        var plan = DownloadPlan(size: 100, present: ByteRangeSet([10..<30]))
        #expect(plan.available(from: 0) == 0)
        let first = plan.assign(to: 0, upTo: 50)
        #expect(first.map { $0.position..<$0.end } == 0..<10)
        let second = plan.assign(to: 1, upTo: 50)
        #expect(second.map { $0.position..<$0.end } == 30..<80)
        #expect(plan.available(from: 15) == 30)
    }

    @Test("a server that sends more than it was asked for is listened to, up to what somebody else has")
    func more() {
        var plan = DownloadPlan(size: 100)
        let first = plan.assign(to: 0, upTo: 20)
        let second = plan.assign(to: 1, upTo: 20)
        _ = second.map { plan.end($0.id) }
        _ = plan.assign(to: 1, upTo: 10)
        guard let first else {
            Issue.record("nothing was assigned")
            return
        }
        // Ten of the twenty behind its own are somebody else's; the second one's are anybody's again.
        let kept = plan.accept(first.id, count: 60)
        #expect(kept == 20)
        let goesOn = plan.arrived(first.id, count: 20)
        #expect(!goesOn)
    }

    @Test("a slow connection loses so much of its part that both end at the same time")
    func tails() {
        var plan = DownloadPlan(size: 1000)
        let slow = plan.assign(to: 0, upTo: 1000)
        let id = slow?.id ?? -1
        let fromFast = plan.assignTail(to: 1, rate: 300, rates: [id: 600], leastTime: 2)
        #expect(fromFast == nil)
        let fromUnknown = plan.assignTail(to: 1, rate: 300, rates: [:], leastTime: 2)
        #expect(fromUnknown == nil)
        let taken = plan.assignTail(to: 1, rate: 300, rates: [id: 100], leastTime: 2)
        #expect(taken.map { $0.position..<$0.end } == 250..<1000)
        #expect(plan.assignments[id]?.end == 250)
    }
}
