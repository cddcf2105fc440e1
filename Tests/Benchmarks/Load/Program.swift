import Foundation

/// Programs that do a piece of work and end.
enum Program {
    /// Runs `name` with `arguments` and gives what it printed.
    ///
    /// - Throws: when it isn't there, or its exit status isn't 0.
    @discardableResult
    static func run(_ name: String, _ arguments: String..., input: String = "") throws -> String {
        try run(name, arguments, input: input)
    }

    @discardableResult
    static func run(_ name: String, _ arguments: [String], input: String = "") throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        let (reading, writing) = (Pipe(), Pipe())
        process.standardInput = reading
        process.standardOutput = writing
        process.standardError = writing
        try process.run()
        // Short enough for a pipe, so that nobody waits for the other.
        try reading.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try reading.fileHandleForWriting.close()
        let text = String(decoding: writing.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(name) ended with \(process.terminationStatus): \(text.prefix(500))")
        }
        return text
    }
}
