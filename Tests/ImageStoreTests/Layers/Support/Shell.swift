import Foundation

/// Runs shell commands.
enum Shell {
    struct Failure: Error, CustomStringConvertible {
        let script: String
        let status: Int32
        let output: String

        var description: String { "'\(script)' exited with status \(status):\n\(output)" }
    }

    /// Whether all of these programs are installed.
    static func has(_ programs: String...) -> Bool {
        programs.allSatisfy { (try? run("command -v \($0)")) != nil }
    }

    /// Runs `script`, which must succeed, and gives what it prints to both outputs.
    @discardableResult
    static func run(_ script: String) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-euo", "pipefail", "-c", script]
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(script: script, status: process.terminationStatus, output: text)
        }
        return text
    }
}
