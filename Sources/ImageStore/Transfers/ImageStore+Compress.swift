import Glibc
import ImageSpec
import NIOPosix
import SystemPackage

extension ImageStore {
    /// The image as it is to be sent: of one whose manifest was made here, of an archive that had none, layers that
    /// aren't compressed are compressed first, as docker does.
    ///
    /// From then on the image has the new manifest here too, under all of its names: a second push has nothing to do.
    /// Anybody else's manifest is sent byte for byte as it is.
    func compressed(_ image: LocalImage) async throws -> LocalImage {
        guard image.content.layers.contains(where: { $0.mediaType == .ociLayer }), try isMadeHere(image) else {
            return image
        }
        let lease = try lease(image)
        defer { withExtendedLifetime(lease) {} }
        var content = image.content
        for (index, layer) in content.layers.enumerated() where layer.mediaType == .ociLayer {
            content.layers[index] = try await compressed(layer, under: lease)
        }
        let manifest = try Manifest(content)
        try lease.hold([manifest.digest()])
        try layout.store(manifest.bytes, as: manifest.digest())
        var descriptor = manifest.descriptor
        descriptor.platform = image.config.platform
        try replace(image.manifestDigest, by: descriptor)
        return try self.image(of: descriptor, named: image.reference, resolved: nil)
    }

    private func compressed(_ layer: Descriptor, under lease: ContentLease) async throws -> Descriptor {
        let source = layout.path(of: layer.digest)
        let target = DurableFile.uniquePath(in: layout.temporaryFolder)
        defer { unlink(target.string) }
        let packed = try await NIOThreadPool.singleton.runIfActive {
            let file = try naming("open", source) {
                try FileDescriptor.open(source, .readOnly, options: [.closeOnExec, .noFollow])
            }
            defer { try? file.close() }
            return try LayerPacker().packAtOnce(.archive(file), into: target)
        }
        guard packed.diffID == layer.digest else {
            throw ImageStoreError.wrongContent(expected: layer.digest, actual: packed.diffID)
        }
        try lease.hold([packed.digest])
        try layout.adopt(fileAt: target, as: packed.digest)
        layers.noteProven(packed.digest, as: packed.diffID)
        return packed.descriptor
    }

    /// Notes that a registry has the manifest now under the name that it has here.
    func noteSent(_ manifest: Digest, as reference: ImageReference) throws {
        let isNews = try layout.withLock(.shared) { lock in
            try layout.index(lock).entry(named: reference.layoutName)?.isMadeHere ?? false
        }
        guard isNews else { return }
        try layout.withLock(.exclusive) { lock in
            var index = try layout.index(lock)
            index.entries = try index.entries.map { entry in
                guard entry.name == reference.layoutName, entry.names(manifest), var descriptor = entry.descriptor
                else {
                    return entry
                }
                descriptor.annotations[LayoutEntry.madeHereAnnotation] = nil
                return try LayoutEntry(descriptor, name: entry.reference, resolved: entry.resolvedDigest)
            }
            try layout.replaceIndex(by: index, lock)
        }
    }

    private func isMadeHere(_ image: LocalImage) throws -> Bool {
        try layout.withLock(.shared) { lock in
            try layout.index(lock).entries.contains { $0.names(image.manifestDigest) && $0.isMadeHere }
        }
    }

    private func replace(_ old: Digest, by new: Descriptor) throws {
        var new = summarized(new)
        new.annotations[LayoutEntry.madeHereAnnotation] = "true"
        let replacement = new
        try layout.withLock(.exclusive) { lock in
            var index = try layout.index(lock)
            index.entries = try index.entries.map { entry in
                guard entry.names(old) else { return entry }
                return try LayoutEntry(replacement, name: entry.reference, resolved: nil)
            }
            try layout.replaceIndex(by: index, lock)
        }
    }
}
