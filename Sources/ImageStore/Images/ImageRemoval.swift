import ImageSpec

/// What removing an image did.
package struct ImageRemoval: Sendable, Equatable {
    /// The names that are gone.
    package var untagged: [ImageReference]
    /// The image's ID, and the diff IDs of its layers, whose content is gone; empty when other names or
    /// somebody's ``ContentLease`` needed it.
    package var deleted: [Digest]

    package init(untagged: [ImageReference], deleted: [Digest]) {
        self.untagged = untagged
        self.deleted = deleted
    }
}
