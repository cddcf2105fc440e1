import ImageSpec

/// A repository as a user names it: an image's name without a tag or digest.
struct RepositoryArgument {
    let reference: ImageReference

    /// - Throws: ``ImageSpecError``.
    init(_ text: String, for berth: BerthCommand) throws {
        let reference = try berth.reference(text)
        guard reference.digest == nil, text.split(separator: "/").last?.contains(":") != true else {
            throw ImageSpecError.invalidReference(text, reason: "a repository is meant here, without tag or digest")
        }
        self.reference = reference
    }
}
