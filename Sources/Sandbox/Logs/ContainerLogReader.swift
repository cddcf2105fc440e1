import Glibc
import SystemPackage

/// Reads a container's log from its oldest file on, also while it is written and files are put aside.
package final class ContainerLogReader {
    private static let chunk = 256 << 10
    /// In bytes: what is longer can't have been written by a monitor.
    private static let longestLine = 1 << 20

    private let folder: FilePath
    private var descriptor: Int32 = -1
    private var rest: [UInt8] = []

    init(in folder: FilePath) {
        self.folder = folder
        openOldest()
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// The next lines; none when all that was written is read.
    package func next() throws -> [LogLine] {
        while true {
            if descriptor < 0 { openOldest() }
            guard descriptor >= 0 else { return [] }
            let lines = try readChunk()
            if let lines { return lines }
            guard advance() else { return [] }
        }
    }

    /// Nil at the file's end.
    private func readChunk() throws -> [LogLine]? {
        var bytes = [UInt8](repeating: 0, count: Self.chunk)
        let count = bytes.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else {
            if errno == EINTR { return [] }
            throw SandboxError.system(operation: "read", path: folder.appending(ContainerLog.fileName), .current)
        }
        guard count > 0 else { return nil }
        rest += bytes[..<count]
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else {
            if rest.count > Self.longestLine { rest = [] }
            return []
        }
        // What isn't of its form is passed over: a line that a full disk cut.
        let lines = rest[..<end].split(separator: UInt8(ascii: "\n")).compactMap { LogLine($0) }
        rest.removeFirst(end + 1)
        return lines
    }

    /// Goes on with the file that follows the one that is read to its end; false when that is the newest.
    private func advance() -> Bool {
        let current = identity(of: descriptor)
        let all = files
        guard let position = all.firstIndex(where: { identity(at: $0) == current }) else {
            // It was put aside, and away, while we read.
            close(descriptor)
            descriptor = -1
            return !all.isEmpty
        }
        guard position > 0 else { return false }
        // More may have come before it was put aside.
        guard !hasMore else { return true }
        let next = open(all[position - 1].string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard next >= 0 else { return false }
        close(descriptor)
        descriptor = next
        rest = []
        return true
    }

    private var hasMore: Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && lseek(descriptor, 0, SEEK_CUR) < status.st_size
    }

    private func openOldest() {
        guard let oldest = files.last else { return }
        descriptor = open(oldest.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        rest = []
    }

    /// The newest first.
    private var files: [FilePath] {
        var found: [FilePath] = []
        for number in 0... {
            let path = folder.appending(number == 0 ? ContainerLog.fileName : "\(ContainerLog.fileName).\(number)")
            guard access(path.string, F_OK) == 0 else {
                // A rotation may be on its way: the newest is missing for a moment.
                guard number == 0 else { break }
                continue
            }
            found.append(path)
        }
        return found
    }

    private struct Identity: Equatable {
        let device: dev_t
        let number: ino_t
    }

    private func identity(of descriptor: Int32) -> Identity? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Identity(device: status.st_dev, number: status.st_ino) : nil
    }

    private func identity(at path: FilePath) -> Identity? {
        var status = stat()
        return stat(path.string, &status) == 0 ? Identity(device: status.st_dev, number: status.st_ino) : nil
    }
}

extension Container {
    /// What the container wrote, from the beginning as far as it is kept.
    package var log: ContainerLogReader { ContainerLogReader(in: folder) }

    /// Whether a monitor stays with it at this moment.
    package var isMonitored: Bool {
        get throws { try ContainerLock.isHeld(in: folder) }
    }
}
