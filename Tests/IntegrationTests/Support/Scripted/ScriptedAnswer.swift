import NIOHTTP1

/// What a scripted registry answers.
struct ScriptedAnswer: Sendable {
    /// How the answer ends.
    enum Ending: Sendable {
        case complete
        /// The connection is closed, whatever the headers promised.
        case cut
        /// The connection is closed before any of it.
        case none
        /// Nothing more comes, and the connection stays open.
        case silence
        /// The body comes again and again.
        case never
    }

    var status: HTTPResponseStatus = .ok
    var headers: HTTPHeaders = [:]
    var body: [UInt8] = []
    var ending = Ending.complete

    /// A complete answer; its length is stated unless `headers` say another.
    init(_ status: HTTPResponseStatus = .ok, _ headers: [(String, String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = HTTPHeaders(headers)
        self.body = body
    }

    static func status(_ status: HTTPResponseStatus, _ headers: (String, String)...) -> ScriptedAnswer {
        ScriptedAnswer(status, headers)
    }

    /// What is promised is `length` bytes; what comes is `body`, and then `ending`.
    static func promising(_ length: Int, body: [UInt8], ending: Ending) -> ScriptedAnswer {
        var answer = ScriptedAnswer(.ok, [("Content-Length", "\(length)")], body: body)
        answer.ending = ending
        return answer
    }
}
