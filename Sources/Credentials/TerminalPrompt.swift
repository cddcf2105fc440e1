import Glibc
import SystemPackage

/// Asks the user at the terminal.
package struct TerminalPrompt {
    package init() {}

    /// In bytes.
    private static let maximumAnswer = 64 << 10

    /// All of the standard input, without the end of its last line.
    package static func wholeInput() throws -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= maximumAnswer {
            let count = try buffer.withUnsafeMutableBytes { try FileDescriptor.standardInput.read(into: $0) }
            guard count > 0 else { break }
            bytes += buffer[..<count]
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// - Throws: ``NoTerminal``.
    package func ask(_ question: String) throws -> String {
        guard isatty(STDIN_FILENO) == 1 else { throw NoTerminal() }
        try write(question)
        guard let answer = readLine() else { throw CancellationError() }
        return answer.filter { $0 != "\r" }
    }

    /// Asks without showing what is typed.
    ///
    /// - Throws: ``NoTerminal``; `CancellationError` when the user would rather not.
    package func askForSecret(_ question: String) throws -> String {
        var settings = termios()
        guard tcgetattr(STDIN_FILENO, &settings) == 0 else { throw NoTerminal() }
        let before = settings
        // Byte by byte and without signals, so that Ctrl-C can't leave the terminal silent.
        settings.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        defer {
            var before = before
            tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
            try? write("\n")
        }
        // Asked when nothing that is typed in answer can be shown or lost any more.
        try write(question)
        return try readSecret()
    }

    private func readSecret() throws -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while bytes.count <= Self.maximumAnswer {
            let count = try withUnsafeMutableBytes(of: &byte) { try FileDescriptor.standardInput.read(into: $0) }
            guard count == 1 else { throw CancellationError() }
            switch byte {
            case 0x0a, 0x0d: return String(decoding: bytes, as: UTF8.self)
            case 0x03, 0x1c: throw CancellationError()
            case 0x04: if bytes.isEmpty { throw CancellationError() }
            case 0x15: bytes = []
            case 0x08, 0x7f: Self.removeLastCharacter(of: &bytes)
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func removeLastCharacter(of bytes: inout [UInt8]) {
        while let last = bytes.popLast(), last & 0xc0 == 0x80 {}
    }

    /// The question goes to standard error when the output is somebody else's.
    private func write(_ text: String) throws {
        let stream = isatty(STDOUT_FILENO) == 1 ? FileDescriptor.standardOutput : .standardError
        try stream.writeAll(text.utf8)
    }
}
