import SystemPackage

/// Why something can't be printed, written or asked.
enum OutputError: Error, Equatable {
    /// An archive's bytes are nothing for a terminal.
    case isATerminal
    /// An archive can't be typed.
    case inputIsATerminal
    case notWritten(FilePath, Errno)
    case notRead(FilePath, Errno)
    case notConfirmed
}

extension OutputError: CustomStringConvertible {
    var description: String {
        switch self {
        case .isATerminal: "an archive is not written to a terminal; use --output, or redirect the output"
        case .inputIsATerminal: "an archive is not read from a terminal; use --input, or redirect the input"
        case .notWritten(let path, let errno): "can't write \(path): \(errno)"
        case .notRead(let path, let errno): "can't read \(path): \(errno)"
        case .notConfirmed: "nothing was removed"
        }
    }
}
