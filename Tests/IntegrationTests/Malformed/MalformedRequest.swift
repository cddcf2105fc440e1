/// What a broken or hostile client sends on one connection.
struct MalformedRequest: Sendable {
    /// What is wrong with it, for the test's report.
    let name: String
    let bytes: [UInt8]

    init(_ name: String, _ bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    init(_ name: String, _ text: String) {
        self.init(name, Array(text.utf8))
    }

    /// A well-formed request around a body, or a path, or a header that isn't.
    init(
        _ name: String,
        _ method: String,
        _ path: String,
        headers: [String] = [],
        body: [UInt8]? = nil
    ) {
        var lines = ["\(method) \(path) HTTP/1.1", "Host: x"] + headers
        if let body { lines.append("Content-Length: \(body.count)") }
        self.init(
            "\(name): \(method) \(path.prefix(100)) \(headers.joined(separator: ", ").prefix(100))",
            Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + (body ?? [])
        )
    }
}
