import Glibc
import ImageSpec
import SystemPackage

/// Which blobs were found to hold an unpacked layer: a small file for each layer, with a line for each blob.
///
/// A config may say of any blob that it is this layer. Where the layer is here already it need not be unpacked again to
/// be used, but what the config says must be proven once all the same.
struct ProvenLayers: Sendable {
    /// More blobs of one layer than honest registries have; in bytes.
    private static let maximumSize = 64 << 10

    let folder: FilePath

    func contains(_ blob: Digest, as diffID: Digest) -> Bool {
        // The layer by itself proves itself.
        if blob == diffID { return true }
        guard let bytes = try? DurableFile.read(path(of: diffID), limit: Self.maximumSize) else { return false }
        // A line that a crash tore is none.
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").contains { $0 == "\(blob)" }
    }

    /// A note that is lost costs one more proof.
    func note(_ blob: Digest, as diffID: Digest) {
        guard blob != diffID, !contains(blob, as: diffID) else { return }
        let file = try? FileDescriptor.open(
            path(of: diffID),
            .writeOnly,
            options: [.create, .append, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        _ = try? file?.closeAfter { try file?.writeAll("\n\(blob)\n".utf8) }
    }

    func forget(_ diffID: Digest) {
        unlink(path(of: diffID).string)
    }

    private func path(of diffID: Digest) -> FilePath {
        folder.appending("\(diffID.algorithm.rawValue)-\(diffID.hex)")
    }
}
