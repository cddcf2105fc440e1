import Glibc
import ImageSpec
import SystemPackage

extension ImageLayout {
    /// Where the blob is or would be.
    package func path(of digest: Digest) -> FilePath {
        path.appending("blobs").appending(digest.algorithm.rawValue).appending(digest.hex)
    }

    /// Whether the blob is there, whole.
    package func contains(_ digest: Digest) -> Bool {
        DurableFile.exists(path(of: digest))
    }

    /// The bytes of a manifest or config, checked against its digest.
    ///
    /// - Throws: ``ImageStoreError/missingBlob(_:)``; ``ImageStoreError/wrongContent(expected:actual:)`` when the
    ///   disk has let it rot.
    package func document(_ digest: Digest) throws -> [UInt8] {
        do {
            let bytes = try DurableFile.read(path(of: digest), limit: Self.maximumDocumentSize)
            let actual = Digest.of(bytes, by: digest.algorithm)
            guard actual == digest else { throw ImageStoreError.wrongContent(expected: digest, actual: actual) }
            return bytes
        } catch let error as ImageStoreError where error.isNotFound {
            throw ImageStoreError.missingBlob(digest)
        }
    }

    /// Stores `bytes` under their digest, which must be `digest`.
    package func store(_ bytes: [UInt8], as digest: Digest) throws {
        let actual = Digest.of(bytes, by: digest.algorithm)
        guard actual == digest else { throw ImageStoreError.wrongContent(expected: digest, actual: actual) }
        guard !contains(digest) else { return }
        try DurableFile.write(bytes, to: path(of: digest), by: temporaryFolder)
    }

    /// Moves a file that is on this filesystem, and whose content the caller has verified, into the store.
    package func adopt(fileAt source: FilePath, as digest: Digest) throws {
        let file = try naming("open", source) {
            try FileDescriptor.open(source, .readOnly, options: [.closeOnExec, .noFollow])
        }
        defer { try? file.close() }
        try system("flush", source) { fsync(file.rawValue) }
        try DurableFile.move(source, to: path(of: digest))
    }

    /// The digests of all blobs that are there.
    func blobs() -> [Digest] {
        DigestAlgorithm.allCases.flatMap { algorithm in
            DurableFile.names(in: path.appending("blobs").appending(algorithm.rawValue))
                .compactMap { try? Digest("\(algorithm.rawValue):\($0)") }
        }
    }

    /// Deletes the blob, if it is there; only for what nothing needs, with the lock held.
    func delete(_ digest: Digest, _: borrowing FileLock) throws {
        let blob = path(of: digest)
        guard unlink(blob.string) != 0, errno != ENOENT else { return }
        throw ImageStoreError.fileSystem(operation: "delete", path: blob, Errno(rawValue: errno))
    }
}
