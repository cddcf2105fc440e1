import Access
import ConfigurationText
import Glibc
import Logging
import Synchronization
import SystemPackage

/// The users of a file as htpasswd writes it, read anew when it changes.
final class PasswordFile: Sendable {
    /// In bytes.
    private static let maximumSize = 16 << 20

    private struct State {
        var version: FileVersion?
        var accounts: [AccountName: Account] = [:]
    }

    private let path: FilePath
    private let logger: Logger
    private let state = Mutex(State())

    /// - Throws: ``PasswordFileError``.
    init(_ path: FilePath, logger: Logger) throws(PasswordFileError) {
        self.path = path
        self.logger = logger
        try read(FileVersion(path))
    }

    var accounts: [AccountName: Account] { state.withLock { $0.accounts } }

    /// - Returns: whether it was read anew; what can't be read leaves all as it was.
    func reloadIfChanged() -> Bool {
        let version = FileVersion(path)
        guard version != state.withLock({ $0.version }) else { return false }
        do {
            try read(version)
            return true
        } catch {
            logger.error(
                "the password file can't be read: its users stay as they were",
                metadata: ["error": "\(error)"]
            )
            // Said once, until it changes again.
            state.withLock { $0.version = version }
            return false
        }
    }

    private func read(_ version: FileVersion?) throws(PasswordFileError) {
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.read(path, limit: Self.maximumSize)
        } catch {
            throw PasswordFileError(path: path, reason: "\(error)")
        }
        let lines = PasswordFileLines(String(decoding: bytes, as: UTF8.self))
        for remark in lines.remarks {
            logger.warning(
                "a line of the password file is of no use",
                metadata: ["file": "\(path)", "line": "\(remark)"]
            )
        }
        state.withLock { $0 = State(version: version, accounts: lines.accounts) }
    }
}
