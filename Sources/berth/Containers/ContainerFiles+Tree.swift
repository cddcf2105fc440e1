import ImageStore
import Sandbox

extension ContainerFiles {
    /// The container's files as confined processes read and write them.
    ///
    /// - Parameter toWrite: whether they are going to be changed.
    func tree(toWrite: Bool = false) -> ContainerTree {
        ContainerTree(
            layers: container.configuration.layers,
            upper: upper,
            work: toWrite ? work : nil,
            isReadOnlyRoot: container.configuration.mounts.hasReadOnlyRoot,
            mounts: process == nil ? mounts : [],
            userMap: container.configuration.userMap,
            process: process
        )
    }

    /// What is seen beside the container's own files while it doesn't run; memory is lost by then.
    private var mounts: [TreeRoot.Mount] {
        container.configuration.mounts.mounts.compactMap { mount in
            let source: String
            switch mount.source {
            case .bind(let path): source = path
            case .volume(let name, _):
                guard let volume = try? VolumeStore(root: container.store.root).find(name) else { return nil }
                source = volume.folder.string
            case .memory: return nil
            }
            return TreeRoot.Mount(source: source, target: mount.target, isReadOnly: mount.isReadOnly)
        }
    }
}
