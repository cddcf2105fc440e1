import SystemPackage

/// The files of an image layout, in a folder or in an archive.
protocol LayoutFiles: Sendable {
    /// The folder or the archive, for messages.
    var path: FilePath { get }

    /// The file called `name`, such as `blobs/sha256/…`; nil when there is none.
    func file(_ name: String) throws -> FileSlice?
}
