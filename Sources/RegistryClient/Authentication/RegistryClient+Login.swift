import AsyncHTTPClient
import Credentials
import ImageSpec
import Synchronization

extension RegistryClient {
    /// Proves that the registry accepts `credential`.
    ///
    /// A registry that asks nobody who they are accepts any.
    ///
    /// - Returns: what to keep: `credential`, or the identity token that the registry's token service gives for it.
    /// - Throws: ``RegistryClientError/refused(_:)``, with status 401, when it is not accepted.
    /// - SeeAlso: OCI distribution-spec 1.1, "Determining Support"; distribution's "Token Authentication
    ///   Specification", `offline_token`.
    package func login(with credential: Credential) async throws -> Credential {
        // Written by the one task that fetches the token.
        let identityToken = Mutex<String?>(nil)
        let connection = connection
        var client = self
        client.authorization = RegistryAuthorization(
            findCredential: { _ in credential },
            fetchToken: { demand, credential in
                let service = TokenService(connection: connection, asksForIdentityToken: true)
                let answer = try await service.token(for: demand, with: credential)
                identityToken.withLock { $0 = answer.identityToken }
                return answer.token
            }
        )
        let response = try await client.send(
            RegistryRequest(method: .GET, url: root, access: .registry),
            expecting: [200]
        )
        // Read up to a bound, so that the connection can be used again; what it says is nobody's concern.
        _ = try? await response.body.collect(upTo: 64 << 10)
        guard case .password(let username, _) = credential, let token = identityToken.withLock({ $0 }) else {
            return credential
        }
        return .identityToken(username: username, token: token)
    }

    /// Whether anybody answers at the endpoint, whatever the answer.
    func answers() async throws -> Bool {
        do {
            _ = try await connection.execute(
                HTTPClientRequest(url: root.absoluteString),
                to: root,
                timeout: .seconds(20)
            )
            return true
        } catch is RegistryClientError {
            return false
        }
    }
}
