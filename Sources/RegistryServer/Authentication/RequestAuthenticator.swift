import Access
import HTTPTypes
import Logging
import Registry
import Tokens

/// Finds out who sent a request, by its `Authorization` field.
struct RequestAuthenticator: Sendable {
    /// A longer field is refused unread: no token that we or others make has as much.
    static let maximumLength = 16 << 10

    let access: AccessControl
    let authentication: Authentication

    /// Who it is, and what stood against the credential, when there was one that proves nobody.
    ///
    /// A credential that proves nobody makes its bearer nobody in particular: what is there for everybody is there for
    /// those too whose password is of yesterday.
    ///
    /// - Parameters:
    ///   - certificateName: the account that the client's certificate stands for; what the client says of itself in the
    ///     request goes before.
    ///   - forCatalog: whether repositories are to be listed: a token for that shows what its holder may read.
    func authenticate(
        _ headers: HTTPFields,
        certificateName: String?,
        from address: String,
        forCatalog: Bool = false,
        logger: Logger
    ) async -> (identity: Identity, rejection: AuthenticationError?) {
        let policy = access.policy
        guard !policy.isOpen else { return (.anonymous, nil) }
        guard let field = headers[.authorization] else {
            guard let certificateName else { return (.anonymous, nil) }
            guard let name = try? AccountName(certificateName), policy.accounts[name]?.isEnabled == true else {
                return (.anonymous, .wrongCredential)
            }
            return (.account(name), nil)
        }
        guard field.utf8.count <= Self.maximumLength else { return (.anonymous, .wrongCredential) }
        do throws(AuthenticationError) {
            return (try await identity(provenBy: field, from: address, forCatalog: forCatalog, logger), nil)
        } catch {
            return (.anonymous, error)
        }
    }

    private func identity(
        provenBy field: String,
        from address: String,
        forCatalog: Bool,
        _ logger: Logger
    ) async throws(AuthenticationError) -> Identity {
        if let token = Self.bearerToken(field) {
            // The secret of an access token works by this scheme too: some clients know only this one.
            if TokenAuthority.isToken(token) { return try await identity(of: token, forCatalog: forCatalog, logger) }
            return try await verify(BasicCredential(username: "", password: token), from: address, logger)
        }
        guard let credential = BasicCredential(authorization: field) else { throw .wrongCredential }
        return try await verify(credential, from: address, logger)
    }

    /// A password may be a token of another issuer's: what a CI job has, and `docker login` takes nothing else.
    private func verify(
        _ credential: BasicCredential,
        from address: String,
        _ logger: Logger
    ) async throws(AuthenticationError) -> Identity {
        if TokenAuthority.isToken(credential.password) {
            return try await identity(of: credential.password, forCatalog: false, logger)
        }
        guard let credentials = authentication.credentials else { throw .wrongCredential }
        return try await credentials.authenticate(credential, from: address)
    }

    private func identity(
        of token: String,
        forCatalog: Bool,
        _ logger: Logger
    ) async throws(AuthenticationError) -> Identity {
        guard let tokens = authentication.tokens else { throw .wrongCredential }
        do throws(TokenError) {
            let verified = try await tokens.authority.verify(token, policy: access.policy)
            // Its client should get another one rather than be told that its user may not.
            guard access.policy.recognizes(verified.identity) else { throw TokenError.revoked }
            return forCatalog ? verified.catalogIdentity ?? verified.identity : verified.identity
        } catch {
            logger.info("a token was refused", metadata: ["error": "\(error)"])
            throw .wrongCredential
        }
    }

    private static func bearerToken(_ field: String) -> String? {
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1])
    }
}
