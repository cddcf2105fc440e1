import SystemPackage

/// The files of an image layout in a folder.
struct FolderFiles: LayoutFiles {
    let path: FilePath

    func file(_ name: String) throws(MirrorError) -> FileSlice? {
        do {
            let file = try OpenFile(reading: path.appending(name))
            return FileSlice(file: file, offset: 0, size: try file.size())
        } catch  where error.isMissingFile {
            return nil
        }
    }
}
