import ImageSpec
import Synchronization
import SystemPackage

/// Stored bytes opened for reading; the descriptor is closed when the last reference goes.
package final class OpenBlob: Sendable {
    package let descriptor: FileDescriptor
    /// In bytes.
    package let size: Int64
    /// Who is to hear that nobody reads it any more.
    private let listeners = Mutex<[@Sendable () -> Void]>([])

    init(descriptor: FileDescriptor, size: Int64) {
        self.descriptor = descriptor
        self.size = size
    }

    /// Has `action` called when the last reference has gone.
    package func whenClosed(_ action: @escaping @Sendable () -> Void) {
        listeners.withLock { $0.append(action) }
    }

    deinit {
        try? descriptor.close()
        for action in listeners.withLock({ $0 }) { action() }
    }
}
