import ImageSpec

/// An image that ``ImageStore/load(_:platform:limits:onLoaded:)`` has put into the store.
package struct LoadedImage: Sendable, Equatable {
    package let id: Digest
    package let names: [ImageReference]

    package init(id: Digest, names: [ImageReference]) {
        self.id = id
        self.names = names
    }
}
