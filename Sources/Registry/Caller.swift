import Logging

/// Who asks the registry for something, and where to log what is done for them.
package struct Caller: Sendable {
    package let identity: Identity
    /// Carries the request's id.
    package let logger: Logger
    /// What the caller sent to prove who they are, which is only ever shown to an upstream that is to judge it.
    package let credential: BasicCredential?

    package init(identity: Identity, logger: Logger, credential: BasicCredential? = nil) {
        self.identity = identity
        self.credential = credential
        self.logger = logger
    }
}

/// Who a caller has proven to be.
package enum Identity: Sendable, Hashable {
    /// Nobody in particular: all that there is until accounts exist.
    case anonymous
}
