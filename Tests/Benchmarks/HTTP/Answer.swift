/// The head of a server's answer.
struct Answer {
    let status: Int
    /// By lower-case name.
    let headers: [String: String]

    var contentLength: Int? { headers["content-length"].flatMap { Int($0) } }

    /// Parses a head, without the empty line at its end.
    init(_ head: some StringProtocol) throws {
        let lines = head.split(separator: "\r\n")
        guard
            let words = lines.first?.split(separator: " ", maxSplits: 2), words.count >= 2,
            words[0].hasPrefix("HTTP/1."), let status = Int(words[1])
        else { throw BenchmarkError("not an HTTP answer: \(head.prefix(100))") }
        self.status = status
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers[line[..<colon].lowercased()] = String(value)
        }
        self.headers = headers
    }
}
