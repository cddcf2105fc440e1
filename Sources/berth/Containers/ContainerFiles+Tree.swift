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
            process: process
        )
    }
}
