import Glibc

/// A blocking HTTP/1.1 connection that stays open: as little work as a client can do, since the servers share the
/// machine with it.
final class Connection {
    private let socket: Int32
    private let port: Int
    private let buffer: UnsafeMutableRawBufferPointer
    /// What was received and not yet given out.
    private var unread: Range<Int> = 0..<0

    /// - Parameter source: the address of this machine's that it comes from, as a number; nil for the usual one.
    init(port: Int, from source: UInt32? = nil) throws {
        self.port = port
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard socket >= 0 else { throw BenchmarkError.system("socket") }
        buffer = .allocate(byteCount: 256 << 10, alignment: 4096)
        var on: Int32 = 1
        setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(socket, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        if let source { try Self.bind(socket, to: source) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) }
        }
        guard connected == 0 else { throw BenchmarkError.system("connect") }
    }

    private static func bind(_ socket: Int32, to source: UInt32) throws {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = source.bigEndian
        let bound = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard bound == 0 else { throw BenchmarkError.system("bind") }
    }

    deinit {
        close(socket)
        buffer.deallocate()
    }

    /// Sends a request's head, and `body` when it is short.
    func send(_ method: String, _ path: String, headers: [String] = [], contentLength: Int? = nil) throws {
        var head = "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nUser-Agent: berth-bench\r\n"
        for header in headers { head += header + "\r\n" }
        if let contentLength { head += "Content-Length: \(contentLength)\r\n" }
        head += "\r\n"
        try head.withUTF8 { try send(UnsafeRawBufferPointer($0)) }
    }

    func send(_ bytes: UnsafeRawBufferPointer) throws {
        var sent = 0
        while sent < bytes.count {
            let count = Glibc.send(
                socket,
                bytes.baseAddress?.advanced(by: sent),
                min(bytes.count - sent, 1 << 20),
                Int32(MSG_NOSIGNAL)
            )
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw BenchmarkError.system("send") }
            sent += count
        }
    }

    /// Receives an answer's head.
    func receiveHead() throws -> Answer {
        while true {
            let received = UnsafeRawBufferPointer(rebasing: buffer[unread])
            if let end = received.firstIndexOfHeadEnd {
                let head = String(decoding: received[..<end], as: UTF8.self)
                unread = (unread.lowerBound + end + 4)..<unread.upperBound
                let answer = try Answer(head)
                if answer.status == 100 { continue }
                return answer
            }
            try receiveMore()
        }
    }

    /// Receives the body of `answer`.
    func receiveBody(of answer: Answer) throws -> [UInt8] {
        var body: [UInt8] = []
        try receiveBody(of: answer) { body += $0 }
        return body
    }

    /// Receives the body of `answer` and forgets it.
    ///
    /// - Returns: its size in bytes.
    @discardableResult
    func discardBody(of answer: Answer) throws -> Int {
        var count = 0
        try receiveBody(of: answer) { count += $0.count }
        return count
    }

    /// Makes a request without a body or with a small one, and receives the whole answer.
    func request(
        _ method: String,
        _ path: String,
        headers: [String] = [],
        body: [UInt8]? = nil,
        expecting statuses: Int...
    ) throws -> (Answer, [UInt8]) {
        let mayHaveBody = ["POST", "PUT", "PATCH"].contains(method)
        try send(method, path, headers: headers, contentLength: body?.count ?? (mayHaveBody ? 0 : nil))
        if let body { try body.withUnsafeBytes { try send($0) } }
        let answer = try receiveHead()
        let received = method == "HEAD" ? [] : try receiveBody(of: answer)
        guard statuses.contains(answer.status) else {
            let text = String(decoding: received.prefix(200), as: UTF8.self)
            throw BenchmarkError("\(method) \(path) was answered with \(answer.status) \(text)")
        }
        return (answer, received)
    }

    private func receiveBody(of answer: Answer, _ consume: (UnsafeRawBufferPointer) -> Void) throws {
        if let count = answer.contentLength {
            try receive(count, consume)
        } else if answer.headers["transfer-encoding"] == "chunked" {
            while true {
                let line = try receiveLine()
                guard let count = Int(line.prefix { $0 != ";" }, radix: 16) else {
                    throw BenchmarkError("a chunk begins with '\(line)'")
                }
                try receive(count, consume)
                _ = try receiveLine()
                if count == 0 { return }
            }
        }
    }

    private func receive(_ count: Int, _ consume: (UnsafeRawBufferPointer) -> Void) throws {
        var missing = count
        while missing > 0 {
            if unread.isEmpty { try receiveMore() }
            let taken = unread.prefix(missing)
            consume(UnsafeRawBufferPointer(rebasing: buffer[taken]))
            missing -= taken.count
            unread = taken.upperBound..<unread.upperBound
        }
    }

    private func receiveLine() throws -> String {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            try receive(1) { line += $0 }
        }
        return String(decoding: line.dropLast(2), as: UTF8.self)
    }

    private func receiveMore() throws {
        if unread.isEmpty {
            unread = 0..<0
        } else if unread.upperBound == buffer.count {
            guard unread.lowerBound > 0 else { throw BenchmarkError("an answer's head has no end") }
            buffer.copyBytes(from: Array(buffer[unread]))
            unread = 0..<unread.count
        }
        while true {
            let count = recv(
                socket,
                buffer.baseAddress?.advanced(by: unread.upperBound),
                buffer.count - unread.upperBound,
                0
            )
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw BenchmarkError.system("recv") }
            guard count > 0 else { throw BenchmarkError("the server closed the connection") }
            unread = unread.lowerBound..<(unread.upperBound + count)
            return
        }
    }
}

extension UnsafeRawBufferPointer {
    /// Where the empty line behind an HTTP head begins.
    fileprivate var firstIndexOfHeadEnd: Int? {
        let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))
        return indices.dropLast(3).first {
            self[$0] == carriageReturn && self[$0 + 1] == lineFeed
                && self[$0 + 2] == carriageReturn && self[$0 + 3] == lineFeed
        }
    }
}
