import ImageSpec
import SystemPackage

/// Stored bytes opened for reading; the descriptor is closed when the last reference goes.
package final class OpenBlob: Sendable {
    package let descriptor: FileDescriptor
    /// In bytes.
    package let size: Int64

    init(descriptor: FileDescriptor, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    deinit {
        try? descriptor.close()
    }
}
