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

    /// Finds out who sent the request of `context`, and leaves there what was found, and the credential that came.
    ///
    /// A credential that proves nobody makes its bearer nobody in particular: what is there for everybody is there for
    /// those too whose password is of yesterday.
    ///
    /// - Parameters:
    ///   - address: the client's, by which failures are counted.
    ///   - forCatalog: whether repositories are to be listed: a token for that shows what its holder may read.
    func identify(
        _ context: inout RegistryRequestContext,
        by headers: HTTPFields,
        from address: String,
        forCatalog: Bool = false
    ) async {
        let field = headers[.authorization]
        // A catalog shows what else its token says than other answers go by.
        let memory = forCatalog ? nil : ClientConnection.current?.provenCredential
        let generation = access.generation
        if let field, let proof = memory?.proof(by: field, generation: generation) {
            context.credential = proof.credential
            context.identity = proof.identity
            return
        }
        context.credential = field.flatMap { Self.isTooLong($0) ? nil : BasicCredential(authorization: $0) }
        do throws(AuthenticationError) {
            context.identity = try await identity(provenBy: field, context, from: address, forCatalog: forCatalog)
            context.rejection = nil
            guard let field, context.identity != .anonymous else { return }
            memory?.remember(
                .init(
                    field: field,
                    identity: context.identity,
                    credential: context.credential,
                    generation: generation
                )
            )
        } catch {
            context.identity = .anonymous
            context.rejection = error
        }
    }

    private static func isTooLong(_ field: String) -> Bool { field.utf8.count > maximumLength }

    /// What the client says of itself in the request goes before its certificate.
    private func identity(
        provenBy field: String?,
        _ context: RegistryRequestContext,
        from address: String,
        forCatalog: Bool
    ) async throws(AuthenticationError) -> Identity {
        let policy = access.policy
        guard !policy.isOpen else { return .anonymous }
        guard let field else {
            guard let certificateName = context.clientCertificateName else { return .anonymous }
            guard let name = try? AccountName(certificateName), policy.accounts[name]?.isEnabled == true else {
                throw .wrongCredential
            }
            return .account(name)
        }
        guard !Self.isTooLong(field) else { throw .wrongCredential }
        if let credential = context.credential { return try await verify(credential, from: address, context.logger) }
        guard let token = Self.bearerToken(field) else { throw .wrongCredential }
        if TokenAuthority.isToken(token) {
            return try await identity(of: token, forCatalog: forCatalog, context.logger)
        }
        // The secret of an access token works by this scheme too: some clients know only this one.
        return try await verify(BasicCredential(username: "", password: token), from: address, context.logger)
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
