import FoundationEssentials
import Glibc
import SystemPackage

/// What a runtime says of itself, a JSON object a line, as all runtimes have it from runc.
struct RuntimeLog {
    /// In bytes.
    private static let maximumSize = 1 << 20

    private struct Line: Decodable {
        let level: String
        let msg: String
    }

    let path: FilePath

    /// Forgets what was said before.
    func clear() {
        unlink(path.string)
    }

    /// The last complaint; nil where there is none.
    var complaint: String? {
        guard let bytes = try? readFile(at: path, limit: Self.maximumSize) else { return nil }
        let lines = bytes.split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(Line.self, from: Data($0))
        }
        let worst = lines.last { $0.level == "error" || $0.level == "fatal" } ?? lines.last
        return worst.map { oneLine($0.msg) }
    }

    private func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }
}

extension SandboxError {
    /// What a runtime's complaint means.
    ///
    /// - Parameter command: the program that was to be run; nil where none was.
    init(_ runtime: RuntimeProgram, complaint: String, command: String?) {
        let text = complaint.lowercased()
        // runc: exec: "program": …; crun: executable file `program` …, open executable: …
        let isOfProgram = text.contains("exec: \"") || text.contains("executable")
        guard let command, isOfProgram else {
            self = .runtimeFailed(runtime.name, complaint)
            return
        }
        if text.contains("not found") || text.contains("no such file or directory") {
            self = .commandNotFound(command)
        } else if text.contains("exec format error") {
            self = .commandNotExecutable(command, Errno(rawValue: ENOEXEC))
        } else if text.contains("permission denied") || text.contains("operation not permitted")
            || text.contains("is a directory")
        {
            self = .commandNotExecutable(command, .permissionDenied)
        } else {
            self = .runtimeFailed(runtime.name, complaint)
        }
    }
}
