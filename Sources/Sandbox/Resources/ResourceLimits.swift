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
    /// Its share beside others', where 1024 is usual; from 2 to 262144.
    package var processorShares: Int64?
    /// Which processors, such as `0-2,4`.
    package var processorSet: String?
    /// Which memory nodes, in the same form.
    package var memoryNodes: String?
    /// How many processes and threads; -1 for as many as there may be.
    package var processes: Int64?

    package init() {}

    /// Whether anything is limited.
    package var isSet: Bool { self != ResourceLimits() }
}
