import ImageSpec
import SystemPackage

/// The content that lies in an image layout or in skopeo's folder form: each file's digest by its name.
///
/// Two sets are equal when every manifest and blob is the same byte for byte.
struct BlobSet: Equatable, Sendable {
    let digests: [String: Digest]

    /// Reads `blobs/sha256` of an image layout.
    init(layout: FilePath) throws {
        try self.init(folder: layout.appending("blobs").appending("sha256"))
    }

    /// Reads every file of `folder`.
    init(folder: FilePath) throws {
        var digests: [String: Digest] = [:]
        for name in try names(in: folder) {
            digests[name] = Digest.of(try contents(ofFileAt: folder.appending(name)))
        }
        self.digests = digests
    }
}
