import ImageSpec

/// All that a metadata store keeps of one manifest, for the check.
package struct ManifestEntry: Sendable, Hashable {
    package let stored: StoredManifest
    package let artifactType: MediaType?
    package let subject: Digest?
    /// What the store has noted that the manifest names.
    package let references: Set<ManifestLink>
    /// Those of ``references`` that the repository doesn't have: they were deleted after the manifest came.
    package let missing: Set<ManifestLink>

    package init(
        stored: StoredManifest,
        artifactType: MediaType?,
        subject: Digest?,
        references: Set<ManifestLink>,
        missing: Set<ManifestLink>
    ) {
        self.stored = stored
        self.artifactType = artifactType
        self.subject = subject
        self.references = references
        self.missing = missing
    }
}
