import ImageSpec
import Synchronization

/// Says whether passwords are right, without hashing the same one again and again.
final class PasswordVerifier: Sendable {
    private let threads = PasswordThreads()
    private let remembered = Mutex(RememberedPasswords())
    private let underWay = SharedWork<Digest, Bool>()
    private let lockout: Mutex<Lockout>
    private let hashes = Atomic<Int>(0)
    /// So that what is remembered can't be found by trying passwords, whoever sees it.
    private let key = (0..<32).map { _ in UInt8.random(in: .min ... .max) }

    init(_ configuration: AccessConfiguration) {
        lockout = Mutex(Lockout(configuration.lockout))
    }

    /// How often a password was hashed.
    var hashCount: Int { hashes.load(ordering: .relaxed) }

    /// Hashes a new password.
    ///
    /// - Returns: nil where the system can't.
    func hash(_ password: String, cost: Int) async throws(AuthenticationError) -> String? {
        let hash = try await threads.run { PasswordHash.make(password, cost: cost) }
        hashes.add(1, ordering: .relaxed)
        return hash
    }

    /// - Parameters:
    ///   - hash: of the password of `name`; when there is no such account, one that nothing matches.
    ///   - address: where it was sent from.
    /// - Returns: whether it is right.
    /// - Throws: when it wasn't looked at: ``AuthenticationError/lockedOut(retryAfter:)``,
    ///   ``AuthenticationError/busy``.
    func isRight(
        _ password: String,
        of name: String,
        _ hash: String,
        from address: String
    ) async throws(AuthenticationError) -> Bool {
        let attempt = Lockout.Attempt(name: name, from: address)
        // First: or passwords could be tried as fast as one likes on an account whose owner was here a moment ago.
        if let wait = lockout.withLock({ $0.wait(for: attempt, at: .now) }) { throw .lockedOut(retryAfter: wait) }
        let key = key(password, name, hash)
        if remembered.withLock({ $0.contains(key, at: .now) }) {
            lockout.withLock { $0.prove(attempt, at: .now) }
            return true
        }
        do {
            // All who ask the same at once are one attempt.
            return try await underWay.value(for: self.key(attempt.address, "", key.hex)) {
                try await self.attempt(attempt, password, hash, key)
            } ?? false
        } catch let error as AuthenticationError {
            throw error
        } catch {
            throw .busy
        }
    }

    private func attempt(
        _ attempt: Lockout.Attempt,
        _ password: String,
        _ hash: String,
        _ key: Digest
    ) async throws(AuthenticationError) -> Bool {
        if let wait = lockout.withLock({ $0.begin(attempt, at: .now) }) { throw .lockedOut(retryAfter: wait) }
        let isRight: Bool
        do {
            isRight = try await threads.run { PasswordHash.matches(password, hash) }
            hashes.add(1, ordering: .relaxed)
        } catch {
            lockout.withLock { $0.withdraw(attempt, at: .now) }
            throw error
        }
        guard isRight else { return false }
        lockout.withLock { $0.succeed(attempt, at: .now) }
        remembered.withLock { $0.insert(key, at: .now) }
        return true
    }

    private func key(_ parts: String...) -> Digest {
        Digest.of(parts.reduce(into: key) { $0 += Array("\($1.utf8.count):\($1)".utf8) })
    }
}
