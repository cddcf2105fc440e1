import ImageSpec
import SystemPackage

/// A file of an archive that was read: where its bytes lie now, and what they are.
struct SpooledFile: Sendable {
    /// On the store's filesystem; nil when the layout already had the blob, and the archive's bytes were passed over.
    let path: FilePath?
    /// Of the bytes in the archive.
    let digest: Digest
    /// In bytes.
    let size: Int64
    /// Whether the bytes are compressed, by how they begin.
    let layerType: MediaType
}

extension MediaType {
    /// What a layer's blob that begins with `bytes` is.
    static func layer(beginningWith bytes: [UInt8]) -> MediaType {
        if bytes.starts(with: [0x1f, 0x8b]) { return .ociLayerGzip }
        if bytes.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) { return .ociLayerZstd }
        return .ociLayer
    }
}
