import ImageSpec

extension ImageStore {
    /// The image that a name means here.
    ///
    /// - Throws: ``ImageSpecError``.
    package func reference(_ name: String) throws(ImageSpecError) -> ImageReference {
        try ImageReference(name, defaultHost: defaultRegistry)
    }

    /// The name as it is shown here: what was left out when it was given may be left out when it is shown.
    package func shownName(of reference: ImageReference) -> String {
        reference.familiarName(defaultHost: defaultRegistry)
    }

    /// The same without tag and digest.
    package func shownRepository(of reference: ImageReference) -> String {
        reference.familiarRepository(defaultHost: defaultRegistry)
    }
}
