import ImageSpec

/// Which manifests are accepted though the repository lacks some of what they name.
package enum SparseManifests: String, Sendable, CaseIterable {
    case none
    /// Indexes, so that a mirror may keep some platforms of an image alone.
    case indexes
    /// Images too. What pulls such an image fails for want of a layer.
    case all

    func include(_ manifest: Manifest) -> Bool {
        switch (self, manifest.content) {
        case (.all, _), (.indexes, .index): true
        case (.none, _), (.indexes, .image): false
        }
    }
}
