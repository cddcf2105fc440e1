import Instruments
import NIOCore

/// How long the database takes, in microseconds.
package final class DatabaseInstruments: Sendable {
    package let reads = Histogram.times()
    /// With the wait for the disk.
    package let writes = Histogram.times()

    package func write(to text: inout MetricsText) {
        text.begin("berthd_database_seconds", .histogram, "How long the database takes for one operation.")
        text.samples("berthd_database_seconds", ["operation": "read"], of: reads, unit: 1e6)
        text.samples("berthd_database_seconds", ["operation": "write"], of: writes, unit: 1e6)
    }
}

extension Histogram {
    /// Records the microseconds since `start`.
    func record(since start: NIODeadline) {
        record(Int((NIODeadline.now() - start).nanoseconds / 1000))
    }
}
