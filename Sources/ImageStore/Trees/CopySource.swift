/// What `cp` copies, as far as it decides where that goes.
package struct CopySource: Sendable, Codable, Equatable {
    /// What every entry's name in the archive begins with; nil for the content of a folder, or an archive that
    /// somebody made.
    package var name: String?
    package var isFolder: Bool
    /// What its user called it.
    package var path: String
    /// Whether it is an archive that is only to be unpacked.
    package var isArchive = false

    package init(path: String, name: String?, isFolder: Bool) {
        self.path = path
        self.name = name
        self.isFolder = isFolder
    }

    /// An archive from the standard input.
    package static let archive: CopySource = {
        var source = CopySource(path: "-", name: nil, isFolder: true)
        source.isArchive = true
        return source
    }()
}
