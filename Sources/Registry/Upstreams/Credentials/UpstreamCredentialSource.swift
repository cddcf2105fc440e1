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
    private var known: (credential: Credential?, renewal: ContinuousClock.Instant?, end: ContinuousClock.Instant?)?
    private var lookedAt: ContinuousClock.Instant?
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
        if let known, known.renewal.map({ now < $0 }) ?? true { return known.credential }
        // It is good for a while yet: a program that fails now may not fail then.
        if let known, let end = known.end, now < end, let lookedAt, now - lookedAt < Self.shortestPause {
            return known.credential
        }
        do {
            return try await look()
        } catch {
            guard let known, let end = known.end, .now < end else { throw error }
            logger.warning("an upstream's credential could not be renewed", metadata: ["error": "\(error)"])
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
        return try await task.value
    }

    private func find() async throws -> Credential? {
        switch configuration {
        case .none:
            return nil
        case .password(let user, let file):
            let password = try Self.line(of: file)
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

    /// Renewed when a tenth of its life is left, or five minutes.
    private func keep(_ credential: Credential?, for lifetime: Duration) -> Credential? {
        let now = ContinuousClock.now
        known = (credential, now + lifetime - min(lifetime / 10, .seconds(300)), now + lifetime)
        return credential
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

/// A file of credentials is of no use.
struct UpstreamCredentialError: Error, CustomStringConvertible {
    let file: String
    let reason: String

    var description: String { "the credentials in \(file) can't be used: \(reason)" }
}
