import SystemPackage

/// A file that a client keeps for itself can't be made, read, written or locked.
package struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What was tried, as a verb.
    package let operation: String
    package let path: FilePath
    package let code: Errno

    package var description: String { "can't \(operation) '\(path)': \(code)" }

    /// Runs `body`, naming what failed and where.
    static func naming<Value>(_ operation: String, _ path: FilePath, _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let code as Errno {
            throw FileError(operation: operation, path: path, code: code)
        }
    }
}
