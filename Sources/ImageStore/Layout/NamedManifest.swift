import ImageSpec

/// A manifest and what it is to be called in a layout.
struct NamedManifest: Sendable {
    var descriptor: Descriptor
    /// None for one that only a digest names.
    let names: [ImageReference]
    /// The digest that the names stand for at their registry, if another.
    let resolved: Digest?
}
