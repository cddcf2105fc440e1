import ImageSpec

/// What a copied manifest is to the image.
package enum ManifestRole: Sendable, Hashable {
    /// The place's name stands for it.
    case root
    /// An index names it.
    case child
    /// It has a subject.
    case referrer
    /// It has a tag of its own.
    case companion(Tag)
}
