import Access
import HTTPTypes
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

    /// Who the client has proven to be.
    var identity = Identity.anonymous

    /// What stood against what the client sent to prove who it is.
    var rejection: AuthenticationError?

    /// On whose behalf the request is.
    var caller: Caller {
        Caller(identity: identity, address: clientAddress, logger: logger, credential: credential)
    }

    /// The IP address of the client; empty when it has none.
    var clientAddress: String { channel.remoteAddress?.ipAddress ?? "" }

    /// What the client's addresses of this server begin with, as `https://registry.example.com:5000`.
    func externalBase(of request: Request) -> String {
        let authority = request.head.authority ?? ""
        let allowed = authority.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: ".-_:[]%".utf8.contains(byte)
            }
        }
        return "http://" + (allowed ? authority : "")
    }
}
