import ImageSpec
import SystemPackage

extension Berth {
    /// The image layout in the client's root.
    var layout: FilePath { root.appending("images") }

    /// All blobs of the layout.
    func blobs() throws -> BlobSet { try BlobSet(layout: layout) }
}
