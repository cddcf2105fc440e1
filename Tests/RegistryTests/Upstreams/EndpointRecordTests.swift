import Testing

@testable import Registry

@Suite("Records of endpoints")
struct EndpointRecordTests {
    private struct Failure: Error {}

    @Test("one that fails is left alone for longer each time, up to a bound, and then tried by one request")
    func pauses() {
        var record = EndpointRecord()
        var now = ContinuousClock.now
        var pauses: [Duration] = []
        for _ in 0..<12 {
            record.failed(Failure(), at: now)
            #expect(!record.isAvailable(at: now))
            let end = record.pausedUntil ?? now
            pauses.append(end - now)
            now = end
            #expect(record.isAvailable(at: now))
            record.begin(at: now)
            #expect(!record.isAvailable(at: now))
        }
        #expect(pauses.prefix(4) == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        #expect(pauses.last == EndpointRecord.longestPause)
        record.succeeded()
        #expect(record.isAvailable(at: now))
        record.begin(at: now)
        #expect(record.isAvailable(at: now))
    }

    @Test("one that says when to come back is left alone until then, within reason")
    func retryAfter() {
        var record = EndpointRecord()
        let now = ContinuousClock.now
        record.failed(Failure(), pause: .seconds(30), at: now)
        #expect(record.pausedUntil == now + .seconds(30))
        record.failed(Failure(), pause: .seconds(1_000_000), at: now)
        #expect(record.pausedUntil == now + .seconds(3600))
    }

    @Test("its rate follows what is measured, and isn't taken from what is too short to tell")
    func rates() {
        var record = EndpointRecord()
        record.measured(1000, in: .seconds(1))
        #expect(record.rate == nil)
        record.measured(1 << 20, in: .seconds(1))
        #expect(record.rate == Double(1 << 20))
        record.measured(1 << 20, in: .seconds(10))
        #expect((record.rate ?? 0) < Double(1 << 20))
    }
}
