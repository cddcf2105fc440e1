/// How much an archive of images may ask for before it is refused.
package struct ImageArchiveLimits: Sendable, Equatable {
    /// How many entries the archive may have.
    package var entries = 200_000
    /// How large the uncompressed archive may be, in bytes.
    package var bytes: Int64 = 1 << 40
    /// How many images it may hold.
    package var images = 2000
    /// How many names they may have together.
    package var names = 20_000
    /// How many times one link may lead to another.
    package var links = 16

    package init() {}
}

extension ImageArchiveLimits {
    /// The limits for reading the archive itself; its ratio is bounded as a layer's is.
    var ofTar: LayerLimits {
        var limits = LayerLimits()
        limits.entries = entries
        limits.bytes = bytes
        return limits
    }
}
