/// Where `cp` puts what it copies.
///
/// - SeeAlso: docker's "docker container cp", "Description".
struct CopyPlacement: Equatable {
    /// What stands at the destination.
    enum Standing: Equatable {
        case nothing
        case folder
        case other
    }

    /// Whether it goes into the folder that stands at the destination; else beside it, under the destination's name.
    let isInside: Bool
    /// What each entry's name begins with instead of the source's; nil to begin with nothing.
    let name: String?

    /// - Parameters:
    ///   - destination: the path as its user gave it; one that ends with `/` or `/.` must be a folder.
    ///   - name: the last part of that path.
    /// - Throws: ``TreeFailure``.
    init(of source: CopySource, to destination: String, name: String, standing: Standing) throws(TreeFailure) {
        let wantsFolder = CopyPath.assertsFolder(destination)
        switch standing {
        case .folder:
            isInside = true
            self.name = source.name
        case _ where source.isArchive:
            throw TreeFailure("the destination \(destination) must be a folder")
        case .other where source.isFolder:
            throw TreeFailure("cannot copy the folder \(source.path) over \(destination), which is no folder")
        case .other where wantsFolder:
            throw TreeFailure("\(destination) is no folder")
        case .nothing where wantsFolder && !source.isFolder:
            throw TreeFailure("no such folder: \(destination)")
        case .nothing, .other:
            isInside = false
            self.name = name
        }
    }
}
