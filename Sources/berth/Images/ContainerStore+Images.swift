import ImageSpec
import ImageStore
import Sandbox

extension ContainerStore {
    /// Which images the containers here are made of, whether they run or not.
    ///
    /// - Throws: ``SandboxError/damagedContainer(_:)`` for one whose record can't be read: nobody knows then which layers
    ///   are its own, and none may go.
    func imageUses() throws -> [ImageUse] {
        try allOrNone().map { container in
            ImageUse(
                container: container.id.short,
                // One whose state can't be read may run.
                isRunning: (try? container.state().isActive) ?? true,
                image: try? Digest(container.configuration.imageID),
                layers: container.configuration.layers
            )
        }
    }
}
