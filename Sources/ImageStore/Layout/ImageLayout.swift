import FoundationEssentials
import ImageSpec
import SystemPackage

/// The images of this host as an OCI image layout: `oci-layout`, `index.json` and `blobs/`.
///
/// What keeps it whole, with any number of processes at work and any of them killed at any instant:
/// - A blob appears under its name by a rename, verified and flushed before. A name that is there is whole.
/// - `index.json` is replaced by a rename, under an exclusive lock; what it names is durable before.
/// - Removal takes names out of `index.json` first and deletes content after. What is deleted is in nobody's
///   hands: under the same lock it is checked against every entry that is left and every ``ContentLease``.
///   Whoever relies on content takes a lease on it before looking whether it is there.
/// - What a crash leaves behind is litter (temporary files, blobs without an entry), never a broken image.
///
/// - SeeAlso: OCI image-spec, "Image Layout".
package struct ImageLayout: Sendable {
    /// The largest manifest or config that is read, in bytes.
    package static let maximumDocumentSize = 4 << 20
    /// The content of `oci-layout`.
    static let marker = Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8)
    private static let maximumIndexSize = 64 << 20

    /// The layout's own folder.
    package let path: FilePath
    /// For files on their way in; on the layout's filesystem.
    let temporaryFolder: FilePath
    let leaseFolder: FilePath

    /// Opens the layout under the store's `root`, creating what is missing.
    package init(root: FilePath) throws {
        path = root.appending("images")
        temporaryFolder = root.appending("tmp")
        leaseFolder = root.appending("leases")
        for folder in [temporaryFolder, leaseFolder] { try DurableFile.createFolder(folder) }
        for algorithm in DigestAlgorithm.allCases {
            try DurableFile.createFolder(path.appending("blobs").appending(algorithm.rawValue))
        }
        let marker = path.appending("oci-layout")
        guard !DurableFile.exists(marker) else { return }
        try DurableFile.write(Self.marker, to: marker, by: temporaryFolder)
    }

    func withLock<Value>(
        _ mode: FileLock.Mode,
        _ body: (borrowing FileLock) throws -> Value
    ) throws -> Value {
        let lock = try FileLock(waitingFor: mode, at: path.appending(".lock"))
        return try body(lock)
    }

    /// Takes a lease on `digests`, whether they are in the store yet or not.
    package func lease(on digests: some Sequence<Digest>) throws -> ContentLease {
        try withLock(.exclusive) { lock in
            let lease = try ContentLease(in: self, lock)
            try lease.hold(digests, lock)
            return lease
        }
    }

    /// The index as it is; what it names stays in place while the lock is held.
    func index(_: borrowing FileLock) throws -> LayoutIndex {
        let file = path.appending("index.json")
        do {
            return try LayoutIndex(parsing: try DurableFile.read(file, limit: Self.maximumIndexSize))
        } catch let error as ImageStoreError {
            guard error.isNotFound else { throw error }
            return LayoutIndex()
        } catch {
            throw ImageStoreError.invalidLayout(file, reason: "\(error)")
        }
    }

    /// Replaces the index; what it names must be stored.
    func replaceIndex(by index: LayoutIndex, _: borrowing FileLock) throws {
        // A blob may have been renamed into place by another process that has not flushed the folder yet.
        for algorithm in DigestAlgorithm.allCases {
            try DurableFile.synchronizeFolder(path.appending("blobs").appending(algorithm.rawValue))
        }
        try DurableFile.write(index.encoded(), to: path.appending("index.json"), by: temporaryFolder)
    }
}
