import Glibc
import ImageSpec
import RegistryClient
import SystemPackage
import UserNamespaces

/// The unpacked layers of this host: `<root>/layers/<algorithm>/<diff ID>`, each by itself, in overlayfs's own form.
///
/// A layer's tree doesn't depend on the layers below it, so it is named by its diff ID and shared by all images that
/// have it. Whiteouts are character devices 0/0, and opaque folders have the attribute that overlayfs looks for:
/// `trusted.overlay.opaque` when root unpacked them, `user.overlay.opaque` (for mounts with `userxattr`) when an
/// ordinary user did.
///
/// Those that an ordinary user with subordinate users has unpacked belong to those as ``UserMap`` says, and are kept
/// apart, at `<root>/layers/mapped/<digest of the map>`, with the map itself in `map`: in files of another map everybody
/// would be somebody else.
///
/// A folder that is there is whole: it was unpacked elsewhere, verified, flushed, and renamed into place.
package struct LayerStore: Sendable {
    let layerFolder: FilePath
    let lockFolder: FilePath
    let temporaryFolder: FilePath
    /// Whose the files are; nil for root's, or an ordinary caller's alone.
    package let userMap: UserMap?
    private let sizes: LayerSizes
    private let proven: ProvenLayers
    private let program: FilePath
    package var limits = LayerLimits()

    /// Opens the store under `root`, creating what is missing.
    ///
    /// - Parameters:
    ///   - userMap: whose the files are.
    ///   - program: an executable whose `main` calls ``LayerApplier/runIfRequested()`` first.
    package init(root: FilePath, userMap: UserMap? = nil, program: FilePath = "/proc/self/exe") throws {
        self.userMap = userMap
        layerFolder = try MappedLayers(root: root).folder(of: userMap)
        lockFolder = layerFolder.appending("locks")
        temporaryFolder = root.appending("tmp")
        sizes = LayerSizes(folder: layerFolder.appending("sizes"))
        proven = ProvenLayers(folder: layerFolder.appending("proven"))
        self.program = program
        for folder in [lockFolder, temporaryFolder, sizes.folder, proven.folder] {
            try DurableFile.createFolder(folder)
        }
        for algorithm in DigestAlgorithm.allCases {
            try DurableFile.createFolder(layerFolder.appending(algorithm.rawValue))
        }
        // Layers hold set-user-ID programs: no other user of this host may come near them.
        for folder in [root.appending("layers"), layerFolder, temporaryFolder] {
            try system("protect", folder) { chmod(folder.string, 0o700) }
        }
    }

    /// Where the layer is, or will be, unpacked.
    package func directory(of diffID: Digest) -> FilePath {
        layerFolder.appending(diffID.algorithm.rawValue).appending(diffID.hex)
    }

    /// The layer that a folder with this name holds, wherever the store was when the name was written down.
    func diffID(of directory: FilePath) -> Digest? {
        guard let hex = directory.lastComponent,
            let algorithm = directory.removingLastComponent().lastComponent
        else { return nil }
        return try? Digest("\(algorithm.string):\(hex.string)")
    }

    package func contains(_ diffID: Digest) -> Bool {
        DurableFile.exists(directory(of: diffID))
    }

    /// Whether the layer is there, and is what the blob holds.
    private func contains(_ diffID: Digest, from blob: Digest?) -> Bool {
        contains(diffID) && (blob.map { proven.contains($0, as: diffID) } ?? true)
    }

    /// Notes that the blob was made of the layer.
    func noteProven(_ blob: Digest, as diffID: Digest) {
        proven.note(blob, as: diffID)
    }

    /// Unpacks the layer in the blob at `path`: a tar archive, by itself or compressed by gzip or zstd.
    ///
    /// Does nothing when the layer is there and the blob is known to hold it. When several tasks or processes ask for
    /// the same layer, one works and the others wait. A layer that isn't what `diffID` says, is damaged, or tries to
    /// reach out of its folder leaves nothing behind.
    ///
    /// - Parameter blob: the digest of what is at `path`; nil when nobody says of it that it is this layer but the caller,
    ///   who knows.
    /// - Throws: ``ImageStoreError/layerRefused(_:reason:)``, ``ImageStoreError/wrongContent(expected:actual:)``,
    ///   ``ImageStoreError/applierFailed(_:reason:)``, ``ImageStoreError/fileSystem(operation:path:_:)``.
    package func unpack(blobAt path: FilePath, _ blob: Digest? = nil, as diffID: Digest) async throws {
        _ = try await unpack(.file(path), of: blob, as: diffID)
    }

    /// As ``unpack(blobAt:_:as:)``, from wherever the blob comes.
    ///
    /// - Returns: false when what came from a feed was not the blob; then nothing is left of it.
    func unpack(_ source: LayerSource, of blob: Digest?, as diffID: Digest) async throws -> Bool {
        guard !contains(diffID, from: blob) else { return true }
        let lock = try await LockFile.acquire(at: lockFolder.appending("\(diffID.algorithm.rawValue)-\(diffID.hex)"))
        defer { lock.release() }
        guard !contains(diffID, from: blob) else { return true }

        let folder = DurableFile.uniquePath(in: temporaryFolder)
        try system("create the folder", folder) { mkdir(folder.string, 0o755) }
        do {
            guard
                let report = try await ApplierProcess(program: program, limits: limits, map: userMap)
                    .apply(source, as: diffID, to: folder)
            else {
                try remove(folder)
                return false
            }
            guard report.diffID == diffID else {
                throw ImageStoreError.wrongContent(expected: diffID, actual: report.diffID)
            }
            if contains(diffID) {
                // It was here: only whether the blob holds it was to be found out.
                try UnpackedFolder.remove(folder, by: temporaryFolder)
            } else {
                sizes.note(report.contentBytes, of: diffID)
                try UnpackedFolder.publish(folder, at: directory(of: diffID))
            }
            if let blob { proven.note(blob, as: diffID) }
            return true
        } catch {
            try? remove(folder)
            throw error
        }
    }

    /// Removes an unpacked layer, which nothing may be using; does nothing when it isn't there.
    package func remove(_ diffID: Digest) throws {
        try remove(directory(of: diffID))
        sizes.forget(diffID)
        proven.forget(diffID)
    }

    /// Removes a folder whose files belong to those who are mapped; does nothing when it isn't there.
    func remove(_ folder: FilePath) throws(ImageStoreError) {
        try UnpackedFolder.remove(folder, by: temporaryFolder, map: userMap)
    }

    /// The diff IDs of all layers that are unpacked.
    func all() -> [Digest] {
        DigestAlgorithm.allCases.flatMap { algorithm in
            DurableFile.names(in: layerFolder.appending(algorithm.rawValue))
                .compactMap { try? Digest("\(algorithm.rawValue):\($0)") }
        }
    }

    /// Moves an unpacked layer to the temporary folder, to be removed there; nil when it isn't there.
    func takeOut(_ diffID: Digest) throws -> FilePath? {
        defer {
            sizes.forget(diffID)
            proven.forget(diffID)
        }
        return try UnpackedFolder.takeOut(directory(of: diffID), to: temporaryFolder)
    }

    /// The sum of the lengths of the layer's files, in bytes, as docker counts an image's size; nil when the layer is
    /// not unpacked here.
    package func size(of diffID: Digest) -> Int64? {
        sizes.size(of: diffID)
    }
}
