import ImageSpec
import SystemPackage

/// An archive that blobs are put into, each once.
///
/// One thing at a time: what waits for a blob's bytes in the middle must be over before the next begins.
actor ArchiveBuilder {
    private var writer: TarWriter
    private var names: Set<String> = []

    init(path: FilePath) throws {
        writer = try TarWriter(to: path)
    }

    /// Whether a file is there under this name.
    func contains(_ name: String) -> Bool { names.contains(name) }

    /// Appends a document, unless one with its name is there.
    func add(_ bytes: [UInt8], as name: String) throws {
        guard names.insert(name).inserted else { return }
        try writer.add(bytes, as: name)
    }

    /// Appends a blob.
    ///
    /// - Parameter onBytes: told how many of its bytes are there.
    func add(
        _ blob: Descriptor,
        as name: String,
        from source: any ImageSource,
        onBytes: (Int64) -> Void
    ) async throws {
        guard names.insert(name).inserted else { return }
        let start = try writer.length()
        do {
            try writer.begin(name, size: blob.size)
            var count: Int64 = 0
            for try await buffer in try source.blob(blob) {
                try buffer.withUnsafeReadableBytes { try writer.write($0) }
                count += Int64(buffer.readableBytes)
                onBytes(count)
            }
            try writer.pad(blob.size)
        } catch {
            // Other images may follow: the archive stays one without this blob.
            names.remove(name)
            try writer.cut(to: start)
            throw error
        }
    }

    /// Ends the archive and puts it in its place.
    func commit() throws {
        try writer.commit()
    }
}
