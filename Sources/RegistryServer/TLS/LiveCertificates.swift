import Foundation
import Logging
import NIOSSL
import Synchronization

/// A listener's certificates as they are now: new connections get the new ones, those that are open keep theirs.
final class LiveCertificates: Sendable {
    /// An operator is told of an expiry that is nearer than this.
    private static let warningTime: TimeInterval = 14 * 86_400

    let files: CertificateFiles
    private let logger: Logger
    private let loaded: Mutex<LoadedCertificates>
    /// How the files were when they were read last, whether or not they could be used.
    private let seen: Mutex<[FileState?]>

    /// - Throws: ``CertificateError``.
    init(_ files: CertificateFiles, logger: Logger) throws {
        self.files = files
        self.logger = logger
        let states = files.all.map { FileState($0) }
        let first = try files.load()
        loaded = Mutex(first)
        seen = Mutex(states)
        warnOfExpiry(first)
    }

    var context: NIOSSLContext { loaded.withLock { $0.context } }

    /// Reads the files again if they are not as they were.
    func reloadIfChanged() {
        let states = files.all.map { FileState($0) }
        let isChanged = seen.withLock { seen in
            defer { seen = states }
            return seen != states
        }
        if isChanged { reload() }
    }

    /// Reads the files again; when they can't be used, what was read before goes on being served.
    func reload() {
        do {
            let new = try files.load()
            loaded.withLock { $0 = new }
            logger.notice("a certificate was read again", metadata: ["certificate": "\(files.certificate)"])
            warnOfExpiry(new)
        } catch {
            logger.error("a new certificate can't be used; the one before stays", metadata: ["error": "\(error)"])
        }
    }

    private func warnOfExpiry(_ certificates: LoadedCertificates) {
        guard certificates.expiry.timeIntervalSinceNow < Self.warningTime else { return }
        logger.warning(
            "a certificate has expired or will soon",
            metadata: ["certificate": "\(files.certificate)", "valid_until": "\(certificates.expiry)"]
        )
    }
}
