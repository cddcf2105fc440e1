import CSandbox
import Glibc
import SystemPackage

/// A container's files, for as long as somebody reads or writes them.
package final class ContainerFiles: Sendable {
    package let container: Container
    /// A descriptor of the container's process; nil while none runs.
    package let process: FileDescriptor?
    /// Keeps one that doesn't run from being started or removed meanwhile.
    private let lock: ContainerLock?

    init(_ container: Container, process: FileDescriptor?, lock: ContainerLock?) {
        self.container = container
        self.process = process
        self.lock = lock
    }

    deinit {
        try? process?.close()
    }

    /// The writable layer, in overlayfs's form.
    package var upper: FilePath { container.folder.appending("upper") }
    /// overlayfs's own folder beside it.
    package var work: FilePath { container.folder.appending("work") }

    /// What berth puts into a container and no image has, by paths from the root: /dev, /proc and /sys are mounted over.
    package static let ownPaths = ["dev", "etc/hostname", "etc/hosts", "etc/resolv.conf", "proc", "sys"]
}

extension Container {
    /// How often to look again for one that is just being started or ended, and the pause between in microseconds.
    private static let attempts = (count: 200, pause: UInt32(10_000))

    /// Finds out how its files are to be reached.
    ///
    /// - Parameter toWrite: whether they are going to be changed: then one that doesn't run can't be started meanwhile.
    /// - Throws: ``SandboxError/containerIsBusy(_:)`` when it is neither running nor at rest.
    package func openFiles(toWrite: Bool) throws -> ContainerFiles {
        for _ in 0..<Self.attempts.count {
            let state = try state()
            if let process = state.isActive ? state.process.flatMap(runningProcess) : nil {
                return ContainerFiles(self, process: process, lock: nil)
            }
            if !state.isActive || state.status == .restarting {
                if !toWrite { return ContainerFiles(self, process: nil, lock: nil) }
                if let lock = try ContainerLock.take(in: folder) {
                    return ContainerFiles(self, process: nil, lock: lock)
                }
                guard access(folder.string, F_OK) == 0 else { throw SandboxError.noSuchContainer(label) }
            }
            usleep(Self.attempts.pause)
        }
        throw SandboxError.containerIsBusy(label)
    }

    private func runningProcess(_ identifier: Int32) -> FileDescriptor? {
        let descriptor = berth_open_process(identifier)
        guard descriptor >= 0 else { return nil }
        // The number may have been another process's before it was opened; what is open stays what it is.
        guard Leftovers(container: self).isInContainer(identifier) else {
            close(descriptor)
            return nil
        }
        return FileDescriptor(rawValue: descriptor)
    }
}
