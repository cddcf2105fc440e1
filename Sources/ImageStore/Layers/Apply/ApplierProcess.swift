import CConfinement
import Glibc
import ImageSpec
import NIOPosix
import Synchronization
import SystemPackage

/// Runs ``LayerApplier`` in a process of its own.
struct ApplierProcess: Sendable {
    /// The longest report that is read, in bytes.
    private static let maximumReport = 64 << 10

    let program: FilePath
    let limits: LayerLimits

    /// What a layer that was applied turned out to be.
    struct Applied: Sendable {
        let diffID: Digest
        let entries: Int
        let bytes: Int64
        /// The sum of the files' lengths, in bytes.
        let contentBytes: Int64
    }

    /// Applies the layer in the blob at `path` to `folder`, which is empty; kills the process when the task is
    /// cancelled.
    ///
    /// - Throws: ``ImageStoreError/layerRefused(_:reason:)``, ``ImageStoreError/applierFailed(_:reason:)``.
    func apply(blobAt path: FilePath, as diffID: Digest, to folder: FilePath) async throws -> Applied {
        let process = Mutex<pid_t?>(nil)
        let line = try await withTaskCancellationHandler {
            // The thread stays: the process is told to die with the one that started it.
            try await NIOThreadPool.singleton.runIfActive {
                try run(blobAt: path, as: diffID, in: folder, process)
            }
        } onCancel: {
            process.withLock { if let pid = $0 { _ = kill(pid, SIGKILL) } }
        }
        try Task.checkCancellation()
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

    private func run(
        blobAt path: FilePath,
        as diffID: Digest,
        in folder: FilePath,
        _ process: borrowing Mutex<pid_t?>
    ) throws -> String {
        let blob = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { try? blob.close() }
        var ends: [Int32] = [0, 0]
        guard berth_pipe(&ends) == 0 else {
            throw ImageStoreError.applierFailed(diffID, reason: "no pipe: \(Errno(rawValue: errno))")
        }
        let report = FileDescriptor(rawValue: ends[0])
        defer { try? report.close() }
        do {
            defer { close(ends[1]) }
            let pid = try start(diffID, folder: folder, blob: blob, report: ends[1])
            process.withLock { $0 = pid }
        }
        let line = read(report)
        process.withLock { pid in
            if let pid { while waitpid(pid, nil, 0) == -1, errno == EINTR {} }
            pid = nil
        }
        return line
    }

    private func start(_ diffID: Digest, folder: FilePath, blob: FileDescriptor, report: Int32) throws -> pid_t {
        let arguments = LayerApplier.arguments(algorithm: diffID.algorithm, folder: folder, limits: limits)
        var process: pid_t = 0
        var strings: [UnsafeMutablePointer<CChar>?] = ([program.string] + arguments).map { strdup($0) } + [nil]
        defer { strings.forEach { free($0) } }
        let descriptors = [blob.rawValue, report, STDERR_FILENO]
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
