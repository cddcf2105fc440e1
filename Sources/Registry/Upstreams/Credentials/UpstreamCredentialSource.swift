import ConfigurationText
import Credentials
import Glibc
import ImageSpec
import Logging
import SystemPackage

/// Knows what proves to one endpoint who we are, now: it looks again before that ends, and after it was refused.
///
/// An actor, for many requests want it at once: one looks, the others wait.
actor UpstreamCredentialSource {
    /// A password file has a line.
    private static let maximumFileSize = 64 << 10
    /// How soon after a look that found nothing new there is another one.
    private static let shortestPause = Duration.seconds(5)
    /// How long what came without an end is kept before the program is asked again.
    private static let defaultLifetime = Duration.seconds(3600)

    private let configuration: UpstreamCredentials
    private let host: RegistryHost
    private let logger: Logger
    private var known: Known?
    private var lookedAt: ContinuousClock.Instant?
    /// Why the last look brought nothing; nil when it did.
    private var failure: (any Error)?
    private var looking: Task<Credential?, any Error>?

    init(_ configuration: UpstreamCredentials, host: RegistryHost, logger: Logger) {
        self.configuration = configuration
        self.host = host
        self.logger = logger
    }

    /// What to send; nil for nothing.
    ///
    /// - Throws: ``CredentialError``, ``UpstreamCredentialError`` when there is nothing that is good still.
    func credential() async throws -> Credential? {
        guard configuration != .none else { return nil }
        let now = ContinuousClock.now
        if let known, now < known.renewal { return known.credential }
        let isDue = looking != nil || (lookedAt.map { now - $0 >= Self.shortestPause } ?? true)
        // A program that fails is not run again for each request, and what it gave before is good for a while yet.
        if !isDue {
            if let known, failure == nil || now < known.end { return known.credential }
            if let failure { throw failure }
        }
        do {
            return try await look()
        } catch {
            guard let known, .now < known.end else { throw error }
            return known.credential
        }
    }

    /// Says that the endpoint refused `credential`: it is looked for again, unless that was done a moment ago.
    func refused(_ credential: Credential?) {
        guard let known, known.credential == credential else { return }
        if let lookedAt, .now - lookedAt < Self.shortestPause { return }
        self.known = nil
    }

    private func look() async throws -> Credential? {
        if let looking { return try await looking.value }
        lookedAt = .now
        let task = Task { try await find() }
        looking = task
        defer { looking = nil }
        do {
            let credential = try await task.value
            failure = nil
            return credential
        } catch {
            failure = error
            logger.warning(
                "the credential for an upstream is not to be had",
                metadata: ["endpoint": "\(host)", "error": "\(error)"]
            )
            throw error
        }
    }

    private func find() async throws -> Credential? {
        switch configuration {
        case .none:
            return nil
        case .password(let user, let file):
            let password = try Self.line(of: file)
            guard !password.isEmpty else { throw UpstreamCredentialError(file: file, reason: "it is empty") }
            return keep(.password(username: user, password: password), for: Self.shortestPause)
        case .file(let file):
            let line = try Self.line(of: file)
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex else {
                throw UpstreamCredentialError(file: file, reason: "it should hold 'user:password'")
            }
            let credential = Credential.password(
                username: String(line[..<colon]),
                password: String(line[line.index(after: colon)...])
            )
            return keep(credential, for: Self.shortestPause)
        case .helper(let name):
            return keep(try await CredentialHelper.credential(for: host, keptBy: name), for: Self.defaultLifetime)
        case .command(let words):
            guard let command = CredentialCommand(words) else { return nil }
            let answer = try await command.run()
            return keep(answer.credential, for: answer.lifetime ?? Self.defaultLifetime)
        }
    }

    private func keep(_ credential: Credential?, for lifetime: Duration) -> Credential? {
        known = Known(credential, for: lifetime)
        return credential
    }

    private struct Known {
        let credential: Credential?
        /// When a tenth of its life is left, or five minutes.
        let renewal: ContinuousClock.Instant
        let end: ContinuousClock.Instant

        init(_ credential: Credential?, for lifetime: Duration) {
            self.credential = credential
            end = .now + lifetime
            renewal = end - min(lifetime / 10, .seconds(300))
        }
    }

    private static func line(of file: String) throws -> String {
        do {
            let bytes = try BoundedFile.read(FilePath(file), limit: maximumFileSize)
            let text = String(decoding: bytes, as: UTF8.self)
            return String(text.reversed().drop { $0.isWhitespace }.reversed())
        } catch let error as Errno {
            throw UpstreamCredentialError(file: file, reason: "it can't be read: \(error)")
        }
    }
}
