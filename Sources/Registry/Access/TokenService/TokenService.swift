import Access
import Tokens

/// The registry's own token service: gives tokens for passwords, refresh tokens and others' tokens, and judges tokens.
///
/// - SeeAlso: distribution's "Token Authentication Specification"; distribution's "Oauth2 Token Authentication".
package struct TokenService: Sendable {
    /// Makes a refresh token for an account, for the client of this name; gives its secret, or nil when there is none for
    /// it.
    package typealias RefreshTokenMaker = @Sendable (AccountName, _ client: String) async throws -> String?

    /// What clients that were given a refresh token name themselves.
    private static let tokenUsername = "<token>"

    package let issuer: TokenIssuer
    package let authority: TokenAuthority
    private let authenticator: any CredentialAuthenticator
    private let makeRefreshToken: RefreshTokenMaker
    private let policy: @Sendable () -> AccessPolicy

    /// - Parameter policy: gives what holds at the moment.
    package init(
        issuer: TokenIssuer,
        authority: TokenAuthority,
        authenticator: any CredentialAuthenticator,
        makeRefreshToken: @escaping RefreshTokenMaker = { _, _ in nil },
        policy: @escaping @Sendable () -> AccessPolicy
    ) {
        self.issuer = issuer
        self.authority = authority
        self.authenticator = authenticator
        self.makeRefreshToken = makeRefreshToken
        self.policy = policy
    }

    /// What tokens must be for, as challenges say it.
    package var service: String { issuer.configuration.service }

    /// The public keys of the tokens that are given here, as a JSON document.
    package var publishedKeys: [UInt8] { issuer.keys.published }

    /// How long the published keys may be kept, in seconds.
    package var publicationTime: Int64 { issuer.keys.schedule.publication }

    /// Gives a token for what is asked, as far as the caller may have it; that it allows less is no error.
    ///
    /// Who comes with a wrong proof gets what anybody gets when that is all they ask for, so that a login which has expired
    /// keeps nobody from a public repository. A login, which asks for nothing, tells that it is wrong.
    ///
    /// - Parameter address: where the request came from.
    /// - Throws: ``TokenServiceError``.
    package func answer(
        to request: TokenRequest,
        from address: String
    ) async throws(TokenServiceError) -> TokenAnswer {
        let caller: Caller
        do throws(TokenServiceError) {
            caller = try await self.caller(by: request.proof, from: address)
        } catch {
            guard anonymousHoldsAll(request.scopes) else { throw error }
            caller = Caller(identity: .anonymous)
        }
        do throws(TokenError) {
            let token = try issuer.issue(
                for: caller.identity,
                scopes: request.scopes,
                policy: policy(),
                end: caller.end
            )
            return TokenAnswer(token: token, refreshToken: await refreshToken(for: caller.identity, request))
        } catch {
            throw .token(error)
        }
    }

    /// Who somebody has proven to be, and when the proof ends, in seconds since 1970, if it says so itself.
    private struct Caller {
        let identity: Identity
        var end: Int64?
    }

    private func caller(
        by proof: TokenRequest.Proof,
        from address: String
    ) async throws(TokenServiceError) -> Caller {
        switch proof {
        case .none:
            return Caller(identity: .anonymous)
        case .password(let credential) where TokenAuthority.isToken(credential.password):
            return try await caller(byToken: credential.password)
        case .password(let credential):
            return try await caller(by: credential, from: address)
        case .refreshToken(let secret):
            let credential = BasicCredential(username: Self.tokenUsername, password: secret)
            return try await caller(by: credential, from: address)
        case .token(let text):
            return try await caller(byToken: text)
        }
    }

    private func caller(
        by credential: BasicCredential,
        from address: String
    ) async throws(TokenServiceError) -> Caller {
        do throws(AuthenticationError) {
            return Caller(identity: try await authenticator.authenticate(credential, from: address))
        } catch {
            throw .refused(error)
        }
    }

    private func caller(byToken text: String) async throws(TokenServiceError) -> Caller {
        do throws(TokenError) {
            let verified = try await authority.verifyForeign(text, policy: policy())
            return Caller(identity: verified.identity, end: verified.expiresAt)
        } catch {
            throw .token(error)
        }
    }

    private func anonymousHoldsAll(_ scopes: [RequestedScope]) -> Bool {
        let policy = policy()
        return !scopes.isEmpty
            && scopes.allSatisfy { scope in
                guard case .repository(let repository, let actions) = scope else { return false }
                return policy.actions(of: .anonymous, on: repository).allowed.isSuperset(of: actions)
            }
    }

    /// Only for who came with a password: what is made from a token must not outlive it.
    private func refreshToken(for identity: Identity, _ request: TokenRequest) async -> String? {
        guard request.wantsRefreshToken, case .password(let credential) = request.proof,
            !TokenAuthority.isToken(credential.password), case .account(let name, nil, nil) = identity
        else { return nil }
        // The client can do without: it keeps the password then.
        return try? await makeRefreshToken(name, request.client)
    }
}
