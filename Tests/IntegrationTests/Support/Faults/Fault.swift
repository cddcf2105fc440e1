import NIOHTTP1

/// What a fault proxy does to one request, beside passing it on.
struct Fault: Sendable {
    /// Where a body is interrupted, and how.
    enum Break: Sendable {
        /// The connections to both sides are closed.
        case cut
        /// Nothing more passes, and the connections stay open.
        case stall
    }

    /// After how many bytes of the request's body, and how, it is interrupted.
    var requestBreak: (after: Int, Break)?
    /// After how many bytes of the answer's body, and how, it is interrupted.
    var responseBreak: (after: Int, Break)?
    /// Which byte of the answer's body arrives changed.
    var corruptedByte: Int?
    /// The answer, without the server being asked.
    var answer: (HTTPResponseStatus, [(String, String)])?
    /// Header fields that the server's answer gets beside its own.
    var addedHeaders: [(String, String)] = []
    /// Whether the server is asked for the whole when the client asked for a range.
    var dropsRange = false
    /// Of each connection, for bodies of both directions.
    var bytesPerSecond: Int?
    /// Whether the server gets the request only when its body is here to the last byte, as with many a reverse proxy.
    var buffersRequest = false

    static let none = Fault()

    static func cutRequest(after bytes: Int) -> Fault {
        var fault = Fault()
        fault.requestBreak = (bytes, .cut)
        return fault
    }

    static func cutResponse(after bytes: Int) -> Fault {
        var fault = Fault()
        fault.responseBreak = (bytes, .cut)
        return fault
    }

    static func stallResponse(after bytes: Int) -> Fault {
        var fault = Fault()
        fault.responseBreak = (bytes, .stall)
        return fault
    }

    static func stallRequest(after bytes: Int) -> Fault {
        var fault = Fault()
        fault.requestBreak = (bytes, .stall)
        return fault
    }

    static func answer(_ status: HTTPResponseStatus, _ headers: (String, String)...) -> Fault {
        var fault = Fault()
        fault.answer = (status, headers)
        return fault
    }

    static func adding(_ headers: (String, String)...) -> Fault {
        var fault = Fault()
        fault.addedHeaders = headers
        return fault
    }

    static func corrupted(at byte: Int) -> Fault {
        var fault = Fault()
        fault.corruptedByte = byte
        return fault
    }

    static func throttled(to bytesPerSecond: Int) -> Fault {
        var fault = Fault()
        fault.bytesPerSecond = bytesPerSecond
        return fault
    }
}
