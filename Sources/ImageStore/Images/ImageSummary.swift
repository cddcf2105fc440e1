import ImageSpec

/// What a list shows of an image: known without reading its manifest and config.
package struct ImageSummary: Sendable {
    /// Nil when only a digest names it.
    package let reference: ImageReference?
    /// The config's digest.
    package let id: Digest
    package let manifestDigest: Digest
    /// What the registry named by ``reference``: an index's digest, or the manifest's own.
    package let resolvedDigest: Digest
    /// Whether the manifest was made on this host, and has not been sent under this name.
    package let isMadeHere: Bool
    /// RFC 3339.
    package let created: String?
    /// In bytes: the sum of the files in all layers, or, where a layer is not unpacked, of the layers' blobs.
    package let size: Int64

    /// The digest that a registry knows the image by; nil when none does.
    package var registryDigest: Digest? { isMadeHere ? nil : resolvedDigest }
}

extension ImageSummary {
    /// As annotations of the image's entry.
    private enum Annotation {
        static let id = "dev.berth.image.id"
        static let created = "dev.berth.image.created"
        static let size = "dev.berth.image.size"
    }

    /// Reads what ``annotations`` left in the entry; nil when another tool wrote it.
    init?(_ entry: LayoutEntry) {
        guard let id = entry.annotation(Annotation.id).flatMap({ try? Digest($0) }),
            let size = entry.annotation(Annotation.size).flatMap({ Int64($0) }), size >= 0,
            let manifestDigest = entry.manifestDigest
        else { return nil }
        self.init(
            reference: entry.reference,
            id: id,
            manifestDigest: manifestDigest,
            resolvedDigest: entry.namedDigest ?? manifestDigest,
            isMadeHere: entry.isMadeHere,
            created: entry.annotation(Annotation.created),
            size: size
        )
    }

    init(_ image: LocalImage, size: Int64, isMadeHere: Bool = false) {
        self.init(
            reference: image.reference,
            id: image.id,
            manifestDigest: image.manifestDigest,
            resolvedDigest: image.resolvedDigest,
            isMadeHere: isMadeHere,
            created: image.config.created,
            size: size
        )
    }

    var annotations: [String: String?] {
        [Annotation.id: "\(id)", Annotation.created: created, Annotation.size: "\(size)"]
    }
}
