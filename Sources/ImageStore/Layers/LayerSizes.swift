import Glibc
import ImageSpec
import SystemPackage

/// How large unpacked layers are: a small file for each beside their folders.
///
/// Only lists show it: nothing is lost with a note that a crash tore, and none is ever trusted for more.
struct LayerSizes: Sendable {
    let folder: FilePath

    /// Notes the sum of the lengths of the layer's files, in bytes.
    func note(_ bytes: Int64, of diffID: Digest) {
        let file = try? FileDescriptor.open(
            path(of: diffID),
            .writeOnly,
            options: [.create, .truncate, .closeOnExec, .noFollow],
            permissions: [.ownerReadWrite, .groupRead, .otherRead]
        )
        _ = try? file?.closeAfter { try file?.writeAll("\(bytes)\n".utf8) }
    }

    /// Nil when it isn't known.
    func size(of diffID: Digest) -> Int64? {
        guard let bytes = try? DurableFile.read(path(of: diffID), limit: 32), bytes.last == 10 else { return nil }
        return Int64(String(decoding: bytes.dropLast(), as: UTF8.self)).flatMap { $0 >= 0 ? $0 : nil }
    }

    func forget(_ diffID: Digest) {
        unlink(path(of: diffID).string)
    }

    private func path(of diffID: Digest) -> FilePath {
        folder.appending("\(diffID.algorithm.rawValue)-\(diffID.hex)")
    }
}
