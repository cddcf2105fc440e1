import ImageSpec
import SystemPackage
import UserNamespaces

/// The images on this host: named, listed, removed; pulled and pushed; their layers unpacked.
///
/// Any number of processes may use one store at once: see ``ImageLayout`` for how.
package struct ImageStore: Sendable {
    package let layout: ImageLayout
    /// The layout's folder, the unpacked layers and all else stand below it.
    package let root: FilePath
    /// Those that containers made now get.
    let layers: LayerStore
    private let layerProgram: FilePath
    /// What a name without a host means.
    package var defaultRegistry = RegistryHost.dockerHub
    /// Tells which containers are made of images here; asked while content is removed.
    package var containers: @Sendable () throws -> [ImageUse] = { [] }

    /// Opens the store at `root`, creating it when it is missing.
    ///
    /// - Parameters:
    ///   - userMap: how the users of containers made now are mapped, and those are whose the layers' files are.
    ///   - layerProgram: an executable whose `main` calls ``LayerApplier/runIfRequested()`` first; layers are unpacked
    ///     by it.
    package init(root: FilePath, userMap: UserMap? = nil, layerProgram: FilePath = "/proc/self/exe") throws {
        self.root = root
        self.layerProgram = layerProgram
        layout = try ImageLayout(root: root)
        layers = try LayerStore(root: root, userMap: userMap, program: layerProgram)
    }

    var uploadsFolder: FilePath { Self.uploadsFolder(in: root) }

    /// Where it is remembered, in a store at `root`, which uploads are under way.
    package static func uploadsFolder(in root: FilePath) -> FilePath { root.appending("uploads") }

    /// The unpacked layers, by every map that there ever was.
    var allLayers: [LayerStore] {
        get throws {
            try [layers]
                + MappedLayers(root: root).maps().filter { $0 != layers.userMap }
                .map { try LayerStore(root: root, userMap: $0, program: layerProgram) }
        }
    }

    /// The image that `reference` names here, or nil.
    ///
    /// A digest also finds an image that was pulled from the same repository by tag.
    package func image(_ reference: ImageReference) throws -> LocalImage? {
        try layout.withLock(.shared) { lock in
            try layout.index(lock).entry(for: reference).map { try image(of: $0) }
        }
    }

    /// The image with the name or the unique beginning of an ID, with or without `sha256:`.
    ///
    /// - Throws: ``ImageStoreError/noSuchImage(_:)``, ``ImageStoreError/ambiguousID(_:)``.
    package func image(matching nameOrID: String) throws -> LocalImage {
        try layout.withLock(.shared) { lock in
            let entries = try entries(matching: nameOrID, in: layout.index(lock))
            guard let entry = entries.first else { throw ImageStoreError.noSuchImage(nameOrID) }
            return try image(of: entry)
        }
    }

    /// All images, the newest first; entries of other tools that are no images are left out.
    package func images() throws -> [LocalImage] {
        let images = try layout.withLock(.shared) { lock in
            try layout.index(lock).entries.compactMap { try? image(of: $0) }
        }
        return images.sorted { ($0.config.created ?? "") > ($1.config.created ?? "") }
    }

    /// The entry with a name, or all entries of the one image whose ID begins so.
    func entries(matching nameOrID: String, in index: LayoutIndex) throws -> [LayoutEntry] {
        if let entry = entry(named: nameOrID, in: index) { return [entry] }
        let algorithm = "sha256:"
        let prefix = nameOrID.hasPrefix(algorithm) ? String(nameOrID.dropFirst(algorithm.count)) : nameOrID
        guard !prefix.isEmpty else { return [] }
        let matches = index.entries.compactMap { entry in (try? summary(of: entry)).map { (entry, $0.id) } }
            .filter { $0.1.hex.hasPrefix(prefix) }
        guard Set(matches.map(\.1)).count <= 1 else { throw ImageStoreError.ambiguousID(nameOrID) }
        return matches.map(\.0)
    }

    func entry(named name: String, in index: LayoutIndex) -> LayoutEntry? {
        guard let reference = try? ImageReference(name, defaultHost: defaultRegistry) else { return nil }
        return index.entry(for: reference)
    }

    /// Reads what an entry of the index points to; of an index, the manifest for this host.
    func image(of entry: LayoutEntry) throws -> LocalImage {
        guard let descriptor = entry.descriptor else {
            throw ImageStoreError.notAnImage("\(entry.json)", reason: "the entry can't be read")
        }
        return try image(of: descriptor, named: entry.reference, resolved: entry.resolvedDigest)
    }

    func image(of descriptor: Descriptor, named reference: ImageReference?, resolved: Digest?) throws -> LocalImage {
        var digest = descriptor.digest
        var manifest = try Manifest(parsing: layout.document(digest), contentType: descriptor.mediaType)
        if case .index(let index) = manifest.content, let child = index.manifest(for: .host) {
            digest = child.digest
            manifest = try Manifest(parsing: layout.document(digest), contentType: child.mediaType)
        }
        guard case .image(let content) = manifest.content else {
            throw ImageStoreError.notAnImage("\(digest)", reason: "it is an index without an image for this host")
        }
        return LocalImage(
            reference: reference,
            manifest: manifest,
            manifestDigest: digest,
            resolvedDigest: resolved ?? digest,
            config: try ImageConfig(parsing: layout.document(content.config.digest)),
            content: content
        )
    }
}

extension LayoutIndex {
    func entry(for reference: ImageReference) -> LayoutEntry? {
        if let exact = entry(named: reference.layoutName) { return exact }
        guard let digest = reference.digest else { return nil }
        return entries.first { entry in
            guard let name = entry.reference else { return false }
            return name.host == reference.host && name.repository == reference.repository
                && (entry.names(digest) || entry.resolvedDigest == digest)
        }
    }
}
