import Glibc
import SystemPackage

extension ContainerTree {
    /// Gives an empty folder of this host what the folder at `path` has, its owner and mode too; nothing when there
    /// is no such folder.
    ///
    /// A process that is killed meanwhile leaves a part; the next time begins anew.
    ///
    /// - Throws: ``TreeFailure``.
    package func populate(_ folder: FilePath, from path: String) throws {
        // Links that the image has lead where they lead in the image.
        let content = path.hasSuffix("/") ? "\(path)." : "\(path)/."
        do {
            try read(content, followsLink: true) { source, archive in
                // The folder itself is the archive's first entry: it is unpacked under its name in the folder above.
                guard let name = folder.lastComponent?.string else { throw TreeFailure("\(folder) is no folder") }
                let task = TreeUnpackTask(formerName: source.name, name: name, owner: nil)
                try unpack(archive, into: folder.removingLastComponent(), isOfContainer: true, task)
            }
        } catch let failure as TreeFailure where failure.isMissing {
            return
        }
    }
}
