import ImageSpec

/// What of an image is copied.
package struct CopyOptions: Sendable {
    package enum Platforms: Sendable, Hashable {
        /// Of an index only the manifest for this platform, which then takes the index's place; an image for another
        /// one is refused.
        case only(Platform)
        /// As ``only(_:)``, but a single image is copied whatever it is for.
        case preferred(Platform)
        /// An index of which only the images for these are copied; any other image whatever it is for.
        ///
        /// The index stays whole where the destination takes one that names what isn't there; else one takes its place
        /// that names only those.
        case chosen([Platform])
        /// An index with all that it names.
        case all
    }

    package var platforms: Platforms
    /// Whether signatures, SBOMs and all else that refers to the image go with it.
    package var referrers: Bool
    /// How many blobs go at once, where the destination takes several.
    package var jobs: Int
    /// Whether foreign layers are taken along, which most often may not be distributed.
    package var foreignLayers: Bool

    package init(platforms: Platforms = .all, referrers: Bool = false, jobs: Int = 4, foreignLayers: Bool = false) {
        self.platforms = platforms
        self.referrers = referrers
        self.jobs = jobs
        self.foreignLayers = foreignLayers
    }
}
