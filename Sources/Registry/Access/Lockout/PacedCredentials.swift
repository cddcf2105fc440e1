import Access
import Synchronization

/// Has credentials verified, and lets those wait whose weren't right when many aren't: a storm of logins, each sent again as
/// soon as it is refused, would else take the server from those who pull.
package final class PacedCredentials: CredentialAuthenticator {
    private let credentials: any CredentialAuthenticator
    private let pace: Mutex<RefusalPace>

    package init(_ credentials: any CredentialAuthenticator, pace: RefusalPace = RefusalPace()) {
        self.credentials = credentials
        self.pace = Mutex(pace)
    }

    package func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity {
        do {
            return try await credentials.authenticate(credential, from: address)
        } catch {
            let delay = pace.withLock { $0.delay(at: .now) }
            // Who is told to stop waiting is refused all the same.
            if delay > .zero { try? await Task.sleep(for: delay) }
            throw error
        }
    }
}
