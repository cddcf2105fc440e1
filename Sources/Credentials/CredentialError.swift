import SystemPackage

/// Why a credential could not be read, kept or removed.
package enum CredentialError: Error, Sendable, Equatable {
    /// The file is not what docker would have written.
    case invalidFile(String, reason: String)
    case invalidHelperName(String)
    /// The credential helper isn't installed, or could not be started.
    case helperNotStarted(String, Errno)
    case helperFailed(String, action: String, reason: String)
    case fileSystem(operation: String, path: FilePath, Errno)
}

extension CredentialError {
    /// Whether a credential helper is named that isn't here.
    package var isMissingHelper: Bool {
        guard case .helperNotStarted(_, .noSuchFileOrDirectory) = self else { return false }
        return true
    }
}

extension CredentialError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidFile(let name, let reason):
            "the credentials in \(name) can't be read: \(reason)"
        case .invalidHelperName(let name):
            "'\(name)' is not the name of a credential helper"
        case .helperNotStarted(let program, .noSuchFileOrDirectory):
            "the credential helper \(program) is not installed, though the configuration names it"
        case .helperNotStarted(let program, let errno):
            "the credential helper \(program) can't be started: \(errno)"
        case .helperFailed(let program, let action, let reason):
            "\(program) \(action) failed: \(reason)"
        case .fileSystem(let operation, let path, let errno):
            "can't \(operation) \(path): \(errno)"
        }
    }
}
