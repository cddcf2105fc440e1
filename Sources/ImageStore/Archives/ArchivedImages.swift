import ImageSpec

/// The images that a spooled archive holds, each once, however many names it has.
struct ArchivedImages {
    let archive: SpooledArchive
    /// What to take of an index; nil for this host's, or the only one.
    let platform: Platform?
    let limits: ImageArchiveLimits
    private(set) var images: [ArchivedImage] = []
    /// The names of the image with a manifest, as a set.
    private var names: [Digest: Set<ImageReference>] = [:]
    private var nameCount = 0
    /// Where in ``images`` the image with a manifest is.
    private var positions: [Digest: Int] = [:]

    /// Finds the images: of an image layout where there is one, else of docker's list.
    ///
    /// - Throws: ``ImageStoreError/archiveRefused(reason:)``; ``ImageSpecError``.
    init(of archive: SpooledArchive, platform: Platform?, limits: ImageArchiveLimits) throws {
        self.archive = archive
        self.platform = platform
        self.limits = limits
        if let index = try archive.document(Self.layoutIndex) {
            try readLayout(index)
        } else if let list = try archive.document(Self.dockerList) {
            try readDockerList(list)
        } else {
            throw ImageStoreError.archiveRefused(
                reason: "it has neither an \(Self.layoutIndex) nor a \(Self.dockerList); `berth import` takes the "
                    + "archive of a root folder"
            )
        }
        guard !images.isEmpty else { throw ImageStoreError.archiveRefused(reason: "it holds no image") }
    }

    mutating func add(_ image: ArchivedImage, named names: [ImageReference]) throws {
        guard try !addNames(names, to: image.digest) else { return }
        guard images.count < limits.images else {
            throw ImageStoreError.archiveRefused(reason: "it holds more than \(limits.images) images")
        }
        positions[image.digest] = images.count
        images.append(image)
        try addNames(names, to: image.digest)
    }

    /// Gives an image that was found before more names; false when there is none of this digest.
    ///
    /// - Throws: ``ImageStoreError/archiveRefused(reason:)``.
    @discardableResult
    mutating func addNames(_ names: [ImageReference], to digest: Digest) throws -> Bool {
        guard let position = positions[digest] else { return false }
        for name in names where self.names[digest, default: []].insert(name).inserted {
            nameCount += 1
            guard nameCount <= limits.names else {
                throw ImageStoreError.archiveRefused(reason: "its images have more than \(limits.names) names")
            }
            images[position].names.append(name)
        }
        return true
    }
}
