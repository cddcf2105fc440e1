import Access
import Logging

/// Who asks the registry for something, from where, and where to log what is done for them.
package struct Caller: Sendable {
    package let identity: Identity
    /// Where the request came from; nil for what the server does of itself.
    package let address: String?
    /// Carries the request's id.
    package let logger: Logger
    /// What the caller sent to prove who they are, which is only ever shown to an upstream that is to judge it.
    package let credential: BasicCredential?

    package init(
        identity: Identity,
        address: String? = nil,
        logger: Logger,
        credential: BasicCredential? = nil
    ) {
        self.identity = identity
        self.address = address
        self.credential = credential
        self.logger = logger
    }
}
