import FoundationEssentials
import Glibc
import SystemPackage

/// An address that this process has for a container: its file, and the lock on it.
///
/// The lock ends with the process, whatever ends that: a file that nobody locks is what a killed monitor left.
final class HeldLease {
    let path: FilePath
    private let descriptor: Int32

    private init(path: FilePath, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // Another process of ours, on its way to its exec, may hold the file open for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the file at `path`, making it where it is missing; nil when another process has it.
    static func take(_ path: FilePath, making: Bool) throws -> HeldLease? {
        let flags = O_RDWR | O_CLOEXEC | O_NOFOLLOW | (making ? O_CREAT : 0)
        let descriptor = open(path.string, flags, 0o600)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw SandboxError.system(operation: "open", path: path, .current)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0, isStillThere(path, descriptor) else {
            close(descriptor)
            return nil
        }
        return HeldLease(path: path, descriptor: descriptor)
    }

    /// Whoever had it may have removed it while we waited for the lock.
    private static func isStillThere(_ path: FilePath, _ descriptor: Int32) -> Bool {
        var (named, held) = (stat(), stat())
        return stat(path.string, &named) == 0 && fstat(descriptor, &held) == 0 && named.st_ino == held.st_ino
    }

    /// What is written in it; nil where a killed process left half of it, or nothing.
    var lease: Lease? {
        Self.read(descriptor)
    }

    static func read(_ descriptor: Int32) -> Lease? {
        var bytes = [UInt8](repeating: 0, count: 512 << 10)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(Lease.self, from: Data(bytes[..<count]))
    }

    func write(_ lease: Lease) throws {
        let bytes = [UInt8](try JSONEncoder().encode(lease))
        guard ftruncate(descriptor, 0) == 0, pwrite(descriptor, bytes, bytes.count, 0) == bytes.count else {
            throw SandboxError.system(operation: "write", path: path, .current)
        }
        // Tells those who look names up that there is something new in the folder.
        utimensat(AT_FDCWD, path.removingLastComponent().string, nil, 0)
    }

    func remove() {
        unlink(path.string)
    }
}
