import ImageSpec
import SystemPackage

/// That a container on this host is made of an image, and runs from its layers or may again.
package struct ImageUse: Sendable {
    /// What its user knows the container by.
    package let container: String
    package let isRunning: Bool
    /// The image's ID; nil when nobody knows.
    package let image: Digest?
    /// The unpacked layers that it has for its root.
    package let layers: [FilePath]

    package init(container: String, isRunning: Bool, image: Digest?, layers: [FilePath]) {
        self.container = container
        self.isRunning = isRunning
        self.image = image
        self.layers = layers
    }
}

/// What of the store somebody needs who is not in its index.
struct ContentUse {
    /// By living leases, and by containers.
    let digests: Set<Digest>
    private let containers: [ImageUse]

    /// Reads leases first and containers then: of a container that is being made, a lease holds the layers until its
    /// record is there.
    init(of store: ImageStore, _ lock: borrowing FileLock) throws {
        var digests = try ContentLease.heldDigests(in: store.layout.leaseFolder, lock)
        containers = try store.containers()
        for container in containers { digests.formUnion(container.layers.compactMap(store.layers.diffID)) }
        self.digests = digests
    }

    /// A container that is made of the image; a running one rather than others.
    func container(of image: Digest) -> ImageUse? {
        let users = containers.filter { $0.image == image }
        return users.first(where: \.isRunning) ?? users.first
    }
}
