import ImageSpec

/// One image on this host: one platform's manifest, its config, and most often a name.
package struct LocalImage: Sendable {
    /// Nil when only a digest names it: the tag it had was moved to another image.
    package let reference: ImageReference?
    /// Always an image manifest, of one platform.
    package let manifest: Manifest
    package let manifestDigest: Digest
    /// What the registry named by ``reference``: an index's digest, or the manifest's own.
    package let resolvedDigest: Digest
    package let config: ImageConfig
    /// The manifest's fields.
    package let content: ImageManifest

    /// What docker calls the image's ID: its config's digest.
    package var id: Digest { content.config.digest }

    /// The sum of the layers as they are stored, compressed, in bytes.
    package var size: Int64 {
        content.layers.reduce(0) { sum, layer in
            let (total, overflow) = sum.addingReportingOverflow(layer.size)
            return overflow ? .max : total
        }
    }

    /// What must stay in the store for the image to be used.
    var digestsNeeded: Set<Digest> {
        Set([manifestDigest, id] + content.layers.map(\.digest) + config.diffIDs)
    }
}
