import Glibc
import SystemPackage

/// A file that is written anew: it has its name only when it is whole.
enum OutputFile {
    /// Runs `body` with the file to write; what is no plain file, such as a pipe or device, is written as it is.
    ///
    /// - Throws: ``OutputError/notWritten(_:_:)``, and what `body` throws; nothing of the new file is left then.
    static func write(_ path: FilePath, _ body: (FileDescriptor) async throws -> Void) async throws {
        var status = stat()
        guard stat(path.string, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            let file = try open(path, options: [.closeOnExec], meaning: path)
            defer { try? file.close() }
            return try await body(file)
        }
        let temporary = FilePath("\(path).\(String(UInt64.random(in: 0 ... .max), radix: 36)).tmp")
        let file = try open(temporary, options: [.create, .exclusiveCreate, .closeOnExec], meaning: path)
        do {
            defer { try? file.close() }
            try await body(file)
            guard fsync(file.rawValue) == 0 else { throw OutputError.notWritten(path, Errno(rawValue: errno)) }
            guard rename(temporary.string, path.string) == 0 else {
                throw OutputError.notWritten(path, Errno(rawValue: errno))
            }
        } catch {
            unlink(temporary.string)
            throw error
        }
    }

    /// - Parameter name: the file that is to be written in the end, which an error is about.
    private static func open(
        _ path: FilePath,
        options: FileDescriptor.OpenOptions,
        meaning name: FilePath
    ) throws -> FileDescriptor {
        do {
            return try FileDescriptor.open(
                path,
                .writeOnly,
                options: options,
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
        } catch let error as Errno {
            throw OutputError.notWritten(name, error)
        }
    }
}
