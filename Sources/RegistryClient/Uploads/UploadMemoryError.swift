import SystemPackage

/// What is remembered of uploads can't be read or written.
package struct UploadMemoryError: Error, Sendable, Equatable, CustomStringConvertible {
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
            throw UploadMemoryError(operation: operation, path: path, code: code)
        }
    }
}
