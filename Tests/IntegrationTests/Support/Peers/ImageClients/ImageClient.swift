import ImageSpec

/// Somebody else's client, with images of its own.
protocol ImageClient: Sendable {
    var title: String { get }

    /// Takes ``BusyboxImage`` in and pushes it as `name`, in whatever form the client likes.
    func push(_ image: BusyboxImage, as name: String) async throws

    /// Pulls `name`, none of which it has.
    ///
    /// - Returns: the digest of the image's config, as the client tells it.
    func pull(_ name: String) async throws -> String

    /// Removes all images.
    func clear() async throws
}

extension Manifest {
    /// The digest of the config that the manifest of one image names.
    ///
    /// - Parameter bytes: the manifest, as it was stored.
    static func config(in bytes: [UInt8]) throws -> Digest {
        guard case .image(let image) = try Manifest(parsing: bytes).content else { throw NotOneImage() }
        return image.config.digest
    }

    struct NotOneImage: Error {}
}
