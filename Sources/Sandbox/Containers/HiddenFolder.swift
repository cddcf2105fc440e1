import Glibc
import SystemPackage

/// A container's folder that is being made or removed, under a name that nobody takes for a container's.
///
/// Whoever works on it holds a lock on it: one without is what a killed process left.
final class HiddenFolder {
    private let descriptor: Int32

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Holds the folder at `path`; nil when another process does, or it has gone.
    static func hold(_ path: FilePath) throws -> HiddenFolder? {
        let descriptor = open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw SandboxError.system(operation: "open", path: path, .current)
        }
        // Who had the lock may have removed the folder meanwhile.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStillThere(descriptor) else {
            close(descriptor)
            return nil
        }
        return HiddenFolder(descriptor: descriptor)
    }

    private static func isStillThere(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && status.st_nlink > 0
    }

    /// Lets go of it before the value ends.
    func release() {
        flock(descriptor, LOCK_UN)
    }
}
