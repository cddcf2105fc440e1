import Glibc
import SystemPackage

/// The right to change a container: its monitor has it as long as it lives, whatever ends it.
final class ContainerLock: Sendable {
    static let fileName = "lock"

    private let descriptor: Int32

    /// Lets go of it before the value ends.
    func release() {
        flock(descriptor, LOCK_UN)
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    /// Takes the lock of the container that has this folder; nil when somebody has it, or the folder has gone.
    static func take(in folder: FilePath) throws -> ContainerLock? {
        let path = folder.appending(fileName)
        let descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw SandboxError.system(operation: "open", path: path, .current)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let error = Errno.current
            close(descriptor)
            guard error == .wouldBlock || error == .interrupted else {
                throw SandboxError.system(operation: "lock", path: path, error)
            }
            return nil
        }
        let lock = ContainerLock(descriptor: descriptor)
        // Whoever had it may have removed the container meanwhile.
        return access(path.string, F_OK) == 0 ? lock : nil
    }

    /// Whether somebody has the lock. Nobody is kept from taking it by the look.
    static func isHeld(in folder: FilePath) throws -> Bool {
        let descriptor = open(folder.appending(fileName).string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        // Two that look at once may both hold it so; one who takes it for a moment fails, and looks again.
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// Takes the lock as soon as it is free, within `seconds`; nil when it isn't by then.
    static func take(in folder: FilePath, within seconds: Double) throws -> ContainerLock? {
        let pause: UInt32 = 5_000
        for _ in 0...Int(seconds * 1_000_000 / Double(pause)) {
            if let lock = try take(in: folder) { return lock }
            guard access(folder.string, F_OK) == 0 else { return nil }
            usleep(pause)
        }
        return nil
    }
}
