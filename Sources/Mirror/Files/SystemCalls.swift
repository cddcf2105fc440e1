import Glibc
import SystemPackage

/// Calls `body` until it isn't interrupted by a signal, and turns -1 into an error.
///
/// - Throws: ``MirrorError/fileSystem(operation:path:_:)``, made of `operation` and `path`.
@discardableResult
func system(_ operation: String, _ path: FilePath, _ body: () -> Int32) throws(MirrorError) -> Int32 {
    while true {
        let result = body()
        guard result == -1 else { return result }
        let code = Errno(rawValue: errno)
        guard code == .interrupted else { throw .fileSystem(operation: operation, path: path, code) }
    }
}

/// Runs `body`, naming what failed and where.
func naming<Value>(_ operation: String, _ path: FilePath, _ body: () throws -> Value) throws(MirrorError) -> Value {
    do {
        return try body()
    } catch let error as Errno {
        throw .fileSystem(operation: operation, path: path, error)
    } catch let error as MirrorError {
        throw error
    } catch {
        throw .fileSystem(operation: operation, path: path, .ioError)
    }
}

extension MirrorError {
    /// Whether a file or folder on the way was not there.
    var isMissingFile: Bool {
        guard case .fileSystem(_, _, .noSuchFileOrDirectory) = self else { return false }
        return true
    }
}
