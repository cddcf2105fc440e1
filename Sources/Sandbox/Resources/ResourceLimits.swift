/// How much of the machine a container may use; nil for as much as there is.
package struct ResourceLimits: Sendable, Codable, Hashable {
    /// In bytes.
    package var memory: Int64?
    /// Memory and swap together, in bytes; -1 for as much swap as there is. Without it, twice the memory.
    package var memoryAndSwap: Int64?
    /// In bytes: what it keeps when memory is short.
    package var memoryReservation: Int64?
    /// Processors' worth of time, such as 1.5.
    package var processors: Double?
    /// How long it may run in each period, in microseconds; what version 2 and docker call quota.
    package var processorQuota: Int64?
    /// In microseconds.
    package var processorPeriod: Int64?
    /// Its share beside others', where 1024 is usual; from 2 to 262144.
    package var processorShares: Int64?
    /// Which processors, such as `0-2,4`.
    package var processorSet: String?
    /// Which memory nodes, in the same form.
    package var memoryNodes: String?
    /// How many processes and threads; -1 for as many as there may be.
    package var processes: Int64?
    /// How readily its memory is swapped out, from 0 to 100; of version 1 only.
    package var swappiness: Int64?
    /// Whether a process that finds no memory waits for some, and none is killed; of version 1 only.
    package var waitsForMemory: Bool?

    package init() {}

    /// Whether anything is limited.
    package var isSet: Bool { self != ResourceLimits() }

    /// What of it control groups of version 2 can do.
    package var withoutLegacy: ResourceLimits {
        var limits = self
        limits.swappiness = nil
        limits.waitsForMemory = nil
        return limits
    }
}

/// How much of each period a container's processes may run, in microseconds.
struct ProcessorTime {
    /// docker's.
    static let usualPeriod: Int64 = 100_000

    /// Of all processors together; negative for as long as there is, nil where nothing is said.
    var quota: Int64?
    var period: Int64
}

extension ResourceLimits {
    /// Nil where nothing is said.
    var processorTime: ProcessorTime? {
        if let processors {
            let period = ProcessorTime.usualPeriod
            return ProcessorTime(quota: Int64((processors * Double(period)).rounded()), period: period)
        }
        guard processorQuota != nil || processorPeriod != nil else { return nil }
        return ProcessorTime(quota: processorQuota, period: processorPeriod ?? ProcessorTime.usualPeriod)
    }
}
