/// When a blob is fetched in ranges over several connections.
///
/// Its beginning comes over one. Only where that is slow, as with a far or a throttling registry, are others opened;
/// where they don't help, they are left again.
package struct RangePolicy: Sendable {
    /// Smaller blobs come over one connection, in bytes.
    package var smallestBlob: Int64 = 16 << 20
    /// How much is asked for at once, in bytes; so much a connection is held in memory.
    package var segment: Int64 = 2 << 20
    /// How many connections one blob gets.
    package var connections = 4
    /// When the rest would come within that time anyway, one connection does.
    package var worthwhile: Duration = .seconds(3)
    /// How many times as fast several connections must be.
    package var leastGain = 1.25

    package init() {}
}
