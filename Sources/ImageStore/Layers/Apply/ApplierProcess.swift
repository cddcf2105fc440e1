import CConfinement
import Glibc
import ImageSpec
import Synchronization
import SystemPackage
import UserNamespaces

/// Runs ``LayerApplier`` in a process of its own.
struct ApplierProcess: Sendable {
    /// The longest report that is read, in bytes.
    private static let maximumReport = 64 << 10

    let program: FilePath
    let limits: LayerLimits
    /// Whose the files are; nil for root's, or an ordinary caller's alone.
    let map: UserMap?

    /// What a layer that was applied turned out to be.
    struct Applied: Sendable {
        let diffID: Digest
        let entries: Int
        let bytes: Int64
        /// The sum of the files' lengths, in bytes.
        let contentBytes: Int64
    }

    /// Applies the layer that comes from `source` to `folder`, which is empty; kills the process when the task is
    /// cancelled.
    ///
    /// - Returns: nil when what came from a feed was not the blob.
    /// - Throws: ``ImageStoreError/layerRefused(_:reason:)``, ``ImageStoreError/applierFailed(_:reason:)``.
    func apply(_ source: LayerSource, as diffID: Digest, to folder: FilePath) async throws -> Applied? {
        let process = Mutex<pid_t?>(nil)
        let line = try await withTaskCancellationHandler {
            // The thread stays: the process is told to die with the one that started it.
            try await WorkThread.run { try run(source, as: diffID, in: folder, process) }
        } onCancel: {
            process.withLock { if let pid = $0 { _ = kill(pid, SIGKILL) } }
            if case .feed(let feed, _) = source { feed.fail() }
        }
        try Task.checkCancellation()
        guard let line else { return nil }
        switch ApplierReport(line: line) {
        case .applied(let diffID, let entries, let bytes, let contentBytes):
            return Applied(diffID: diffID, entries: entries, bytes: bytes, contentBytes: contentBytes)
        case .refused(let reason):
            throw ImageStoreError.layerRefused(diffID, reason: reason)
        case .failed(let reason):
            throw ImageStoreError.applierFailed(diffID, reason: reason)
        case nil:
            throw ImageStoreError.applierFailed(diffID, reason: "its process ended without a report")
        }
    }

    /// What the process reports; nil when what came from a feed was not the blob.
    private func run(
        _ source: LayerSource,
        as diffID: Digest,
        in folder: FilePath,
        _ process: borrowing Mutex<pid_t?>
    ) throws -> String? {
        let report = try pipe(for: diffID)
        defer { try? report.read.close() }
        let isBlob = try begin(source, as: diffID, in: folder, report: report.write, process)
        let line = read(report.read)
        process.withLock { pid in
            if let pid { while waitpid(pid, nil, 0) == -1, errno == EINTR {} }
            pid = nil
        }
        return isBlob ? line : nil
    }

    /// Starts the process, and gives it the blob.
    ///
    /// - Returns: false when what came from a feed was not the blob.
    private func begin(
        _ source: LayerSource,
        as diffID: Digest,
        in folder: FilePath,
        report: FileDescriptor,
        _ process: borrowing Mutex<pid_t?>
    ) throws -> Bool {
        defer { try? report.close() }
        switch source {
        case .file(let path):
            let blob = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
            defer { try? blob.close() }
            let size = try DurableFile.size(of: blob, at: path)
            let pid = try start(diffID, folder: folder, blob: blob, size: size, report: report)
            process.withLock { $0 = pid }
            return true
        case .feed(let feed, let size):
            guard feed.waitForBytes() else { return false }
            let bytes = try pipe(for: diffID)
            defer { try? bytes.write.close() }
            do {
                defer { try? bytes.read.close() }
                let pid = try start(diffID, folder: folder, blob: bytes.read, size: size, report: report)
                process.withLock { $0 = pid }
            }
            let isBlob = copy(feed, to: bytes.write)
            // It must not take the end of these bytes for the end of the blob.
            if !isBlob { process.withLock { if let pid = $0 { _ = kill(pid, SIGKILL) } } }
            return isBlob
        }
    }

    /// A process that ends early leaves a pipe without a reader, which is no reason for ours to end.
    private func copy(_ feed: BlobFeed, to pipe: FileDescriptor) -> Bool {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGPIPE)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        berth_enlarge_pipe(pipe.rawValue)
        return feed.copy(to: pipe)
    }

    private func pipe(for diffID: Digest) throws -> (read: FileDescriptor, write: FileDescriptor) {
        var ends: [Int32] = [0, 0]
        guard berth_pipe(&ends) == 0 else {
            throw ImageStoreError.applierFailed(diffID, reason: "no pipe: \(Errno(rawValue: errno))")
        }
        return (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
    }

    private func start(
        _ diffID: Digest,
        folder: FilePath,
        blob: FileDescriptor,
        size: Int64,
        report: FileDescriptor
    ) throws -> pid_t {
        let arguments = LayerApplier.arguments(
            algorithm: diffID.algorithm,
            folder: folder,
            map: map,
            blobSize: size,
            limits: limits
        )
        var process: pid_t = 0
        var strings: [UnsafeMutablePointer<CChar>?] = ([program.string] + arguments).map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        let descriptors = [blob.rawValue, report.rawValue, STDERR_FILENO]
        let code = berth_spawn(program.string, &strings, environ, descriptors, descriptors.count, &process)
        guard code == 0 else {
            throw ImageStoreError.applierFailed(diffID, reason: "can't start \(program): \(Errno(rawValue: code))")
        }
        return process
    }

    private func read(_ report: FileDescriptor) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count < Self.maximumReport,
            let count = try? buffer.withUnsafeMutableBytes({ try report.read(into: $0) }), count > 0
        {
            bytes += buffer[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
