import SystemPackage

/// What a container is made of: an image's layers, and the process that runs on them.
package struct ContainerConfiguration: Sendable {
    /// The image's name as the user said it; for the record only.
    package var image: String
    /// The unpacked layers, lowest first, in overlayfs's own form. They are never written.
    package var layers: [FilePath]
    package var process: ContainerProcess
    /// Nil for the container's short ID.
    package var hostname: Hostname?
    package var name: ContainerName?
    /// Whether nothing stays of the container once its process has ended.
    package var isRemovedWhenStopped: Bool

    package init(
        image: String,
        layers: [FilePath],
        process: ContainerProcess,
        hostname: Hostname? = nil,
        name: ContainerName? = nil,
        isRemovedWhenStopped: Bool = false
    ) {
        self.image = image
        self.layers = layers
        self.process = process
        self.hostname = hostname
        self.name = name
        self.isRemovedWhenStopped = isRemovedWhenStopped
    }
}
