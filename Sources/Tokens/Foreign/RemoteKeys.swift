import ImageSpec
import Synchronization

/// The public keys of another issuer, kept for a while.
///
/// They are fetched again every hour while they are used, and when a token names a key that isn't among them, as after
/// a rotation; then now and again at most, since anybody can name any key. While the issuer can't be reached the keys
/// that are here hold for a day. Whoever needs no new keys never waits.
final class RemoteKeys: Sendable {
    /// In seconds.
    private enum Age {
        static let fresh: Int64 = 3600
        static let usable: Int64 = 86_400
        /// Between two attempts.
        static let pause: Int64 = 10
    }

    private struct State {
        var keys: KeySet?
        var fetchedAt: Int64 = 0
        var attemptedAt: Int64?
        /// Why the last attempt failed.
        var failure: String?
    }

    private let issuer: String
    private let location: KeyLocation
    private let authorities: [String]
    private let fetch: KeyFetch
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())
    private let flight = SingleFlight<Void>()

    /// - Parameter authorities: files in PEM: whom to trust, beside those that the system trusts, when keys are fetched.
    init(
        of issuer: String,
        at location: KeyLocation,
        authorities: [String] = [],
        fetch: @escaping KeyFetch,
        now: @escaping @Sendable () -> Int64
    ) {
        self.issuer = issuer
        self.location = location
        self.authorities = authorities
        self.fetch = fetch
        self.now = now
    }

    /// - Throws: ``TokenError`` when none of the issuer's keys has signed `token`.
    func verify(_ token: CompactToken) async throws(TokenError) {
        let time = now()
        if let kept = kept(at: time), kept.hasKey(for: token) {
            // Nobody waits for what isn't needed yet.
            if age(at: time) >= Age.fresh, mayAttempt(at: time) { Task { try? await refresh() } }
            return try kept.verify(token)
        }
        if mayAttempt(at: time) {
            try? await refresh()
        } else if kept(at: time) == nil {
            // The one who may is perhaps at it.
            try? await flight.value {}
        }
        guard let keys = kept(at: now()) else {
            throw .keysUnavailable(issuer: issuer, reason: state.withLock { $0.failure } ?? "they were not fetched yet")
        }
        try keys.verify(token)
    }

    private func kept(at time: Int64) -> KeySet? {
        state.withLock { abs(time - $0.fetchedAt) < Age.usable ? $0.keys : nil }
    }

    private func age(at time: Int64) -> Int64 { state.withLock { abs(time - $0.fetchedAt) } }

    /// Whether it is long enough ago that the issuer was asked; who is told so asks it.
    private func mayAttempt(at time: Int64) -> Bool {
        state.withLock { state in
            if let last = state.attemptedAt, (0..<Age.pause).contains(time - last) { return false }
            state.attemptedAt = time
            return true
        }
    }

    private func refresh() async throws {
        try await flight.value { [self] in
            do {
                let keys = try await fetchKeys()
                let time = now()
                state.withLock { state in
                    state.keys = keys
                    state.fetchedAt = time
                    state.failure = nil
                }
            } catch {
                state.withLock { $0.failure = "\(error)" }
                throw error
            }
        }
    }

    private func fetchKeys() async throws -> KeySet {
        switch location {
        case .file(let path):
            let bytes = try await bytes(of: .file(path))
            if let keys = await KeySet(jwks: bytes) { return keys }
            guard let keys = await KeySet(pem: String(decoding: bytes, as: UTF8.self)) else {
                throw KeyFailure.noKeys(at: path)
            }
            return keys
        case .url(let url):
            return try await keys(at: url)
        case .discovery:
            return try await keys(at: discoveredAddress())
        }
    }

    private func keys(at url: String) async throws -> KeySet {
        guard KeyLocation.isTrustworthy(url) else { throw KeyFailure.untrustworthy(url) }
        guard let keys = await KeySet(jwks: try await bytes(of: .url(url, authorities: authorities))) else {
            throw KeyFailure.noKeys(at: url)
        }
        return keys
    }

    /// - SeeAlso: OpenID Connect Discovery 1.0, section 4.
    private func discoveredAddress() async throws -> String {
        guard KeyLocation.isTrustworthy(issuer) else { throw KeyFailure.untrustworthy(issuer) }
        let root = issuer.hasSuffix("/") ? String(issuer.dropLast()) : issuer
        let url = root + "/.well-known/openid-configuration"
        let document = try JSONValue(
            parsing: try await bytes(of: .url(url, authorities: authorities)),
            refusingDuplicates: true
        )
        guard let stated = document["issuer"]?.string, stated.utf8.elementsEqual(issuer.utf8) else {
            throw KeyFailure.otherIssuer(url)
        }
        guard let address = document["jwks_uri"]?.string else { throw KeyFailure.noKeys(at: url) }
        return address
    }

    private func bytes(of document: KeyDocument) async throws -> [UInt8] {
        let bytes = try await fetch(document)
        guard bytes.count <= KeyDocument.maximumLength else { throw KeyFailure.tooLong }
        return bytes
    }
}
