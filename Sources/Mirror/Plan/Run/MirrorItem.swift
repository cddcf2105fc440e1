import ImageSpec

/// One image that a plan means, and where it goes.
struct MirrorItem: Sendable {
    let source: ImageReference
    let destinations: [ImageReference]
    let entry: MirrorEntry
    /// All tags of the source's repository, where they are known.
    let tags: Set<Tag>?
}
