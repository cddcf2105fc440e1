import Credentials
import ImageSpec

/// What a client has learnt about how its registry wants to be told who asks, and what it has got to tell it.
///
/// An actor, because requests run at once: of those that find a token missing, one fetches it and the others wait.
actor RegistryAuthorization {
    typealias CredentialLookup = @Sendable (RepositoryName?) async throws -> Credential?
    typealias TokenFetch = @Sendable (TokenDemand, Credential?) async throws -> AccessToken

    private let findCredential: CredentialLookup
    private let fetchToken: TokenFetch
    /// Nil where credentials never change.
    private let onRefusal: (@Sendable (Credential) async -> Void)?

    /// How many tokens are kept at most; when there are more, all are forgotten, and asked for again.
    private static let maximumTokens = 10_000

    /// Looked for when the registry asks, and then kept, unless they may change.
    private var credentials: [RepositoryName?: Task<Credential?, any Error>] = [:]
    /// Whether the registry wants username and password in each request.
    private var isBasic = false
    private var demands: [RepositoryAccess: TokenDemand] = [:]
    private var tokens: [RepositoryAccess: Task<AccessToken, any Error>] = [:]

    init(
        findCredential: @escaping CredentialLookup,
        fetchToken: @escaping TokenFetch,
        onRefusal: (@Sendable (Credential) async -> Void)? = nil
    ) {
        self.findCredential = findCredential
        self.fetchToken = fetchToken
        self.onRefusal = onRefusal
    }

    /// What to send with a request for `access`: nil before the registry has asked for anything.
    ///
    /// A token that is about to end is replaced first.
    func header(for access: RepositoryAccess) async throws -> String? {
        if isBasic, let header = try await basicHeader(for: access) { return header }
        guard let task = tokens[access], let demand = demands[access] else { return nil }
        var token = try await task.value
        if !token.isFresh { token = try await self.token(demand, for: access, replacing: task, with: token) }
        return Self.header(of: token)
    }

    private static func header(of token: AccessToken) -> String { "Bearer \(token.text)" }

    /// Gets what `challenge` asks for.
    ///
    /// - Parameter refused: the header that the registry answered with the challenge.
    /// - Returns: whether there is something new to try.
    func answer(
        _ challenge: AuthenticationChallenge,
        for access: RepositoryAccess,
        refused: String?
    ) async throws -> Bool {
        switch challenge {
        case .basic:
            isBasic = true
            guard let credential = try await passwordCredential(for: access) else { return false }
            if credential.header != refused { return true }
            guard let onRefusal else { return false }
            await onRefusal(credential.credential)
            return try await passwordCredential(for: access)?.header != refused
        case .bearer(let realm, let service, let scopes):
            // A registry may have changed its mind.
            isBasic = false
            let demand = TokenDemand(realm: realm, service: service, scopes: access.scopes(including: scopes))
            let before = tokens[access]
            // Another request may have renewed it since this one was sent.
            if let before, demands[access] == demand, let token = try? await before.value,
                Self.header(of: token) != refused, token.isFresh
            {
                return true
            }
            if let refused { await noteRefusal(ofTokenIn: refused, for: access) }
            demands[access] = demand
            return try await Self.header(of: token(demand, for: access, replacing: before)) != refused
        }
    }

    /// A token that was given as the credential may have been replaced by another one since.
    private func noteRefusal(ofTokenIn header: String, for access: RepositoryAccess) async {
        guard
            let onRefusal, let credential = try? await credential(for: access),
            case .registryToken(let text) = credential, header == "Bearer \(text)"
        else { return }
        await onRefusal(credential)
    }

    /// Fetches a token, unless another request has begun to since `before` was seen.
    ///
    /// - Parameter known: what `before` gave, when it may be used still if there is no new one to be had.
    private func token(
        _ demand: TokenDemand,
        for access: RepositoryAccess,
        replacing before: Task<AccessToken, any Error>?,
        with known: AccessToken? = nil
    ) async throws -> AccessToken {
        if let current = tokens[access], current != before { return try await current.value }
        // Not the caller's child: those who wait for it must not lose it when the caller is cancelled. Its requests
        // are bounded in time.
        let task = Task { try await fetch(demand, for: access) }
        if tokens.count >= Self.maximumTokens {
            tokens = [:]
            demands = [access: demand]
        }
        tokens[access] = task
        do {
            return try await task.value
        } catch {
            guard let known, known.isValid else {
                // The next request tries anew.
                if tokens[access] == task {
                    tokens[access] = nil
                    demands[access] = nil
                }
                throw error
            }
            if tokens[access] == task { tokens[access] = Task { known.postponed } }
            return known
        }
    }

    private func fetch(_ demand: TokenDemand, for access: RepositoryAccess) async throws -> AccessToken {
        let credential = try await credential(for: access)
        do {
            return try await token(demand, with: credential)
        } catch let error as RegistryClientError {
            // It may have been changed since it was looked up.
            guard case .loginRefused = error, let credential, let onRefusal else { throw error }
            await onRefusal(credential)
            let next = try await self.credential(for: access)
            guard let next, next != credential else { throw error }
            return try await token(demand, with: next)
        }
    }

    private func token(_ demand: TokenDemand, with credential: Credential?) async throws -> AccessToken {
        // One that may change is asked for again before long.
        if case .registryToken(let text)? = credential {
            return onRefusal == nil ? AccessToken(permanent: text) : AccessToken(text, lifetime: nil)
        }
        return try await fetchToken(demand, credential)
    }

    private func basicHeader(for access: RepositoryAccess) async throws -> String? {
        try await passwordCredential(for: access)?.header
    }

    private func passwordCredential(
        for access: RepositoryAccess
    ) async throws -> (credential: Credential, header: String)? {
        guard let credential = try await credential(for: access) else { return nil }
        switch credential {
        case .password(let username, let password):
            return (credential, BasicHeader.value(username: username, password: password))
        case .identityToken(_, let token):
            // A berthd's administration takes it in a password's place, by the name that docker keeps it under.
            return (credential, BasicHeader.value(username: "<token>", password: token))
        case .registryToken:
            return nil
        }
    }

    private func credential(for access: RepositoryAccess) async throws -> Credential? {
        let repository = access.repository
        guard onRefusal == nil else { return try await findCredential(repository) }
        if let known = credentials[repository] { return try await known.value }
        let find = findCredential
        let task = Task { try await find(repository) }
        credentials[repository] = task
        return try await task.value
    }
}
