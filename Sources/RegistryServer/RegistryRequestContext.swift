import Hummingbird
import Logging
import NIOCore
import Registry

/// What belongs to one request: its logger with the request's id, and the connection it came by.
struct RegistryRequestContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// Where ``SendFileHandler`` listens.
    let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// What the client sent in its `Authorization` field by the Basic scheme.
    var credential: BasicCredential?

    /// On whose behalf the request is.
    var caller: Caller { Caller(identity: .anonymous, logger: logger, credential: credential) }
}
