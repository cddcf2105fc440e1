import SystemPackage

/// Another process holds the data folder.
struct DataFolderInUse: Error, CustomStringConvertible {
    let root: FilePath

    var description: String {
        "another berthd uses the data folder '\(root)'; stop it, or choose another by --data"
    }
}
