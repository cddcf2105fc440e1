/// What `wrk` measured.
struct RequestRate {
    let perSecond: Double
    /// The 99th percentile, in milliseconds.
    let slowest: Double?

    /// Gets `path` from `port` over many connections, as fast as they go.
    ///
    /// - Parameter headers: what is sent besides, as `Name: value`.
    /// - Throws: when any answer wasn't a 200, or a connection broke.
    static func measure(port: Int, path: String, seconds: Int, connections: Int, headers: [String] = []) throws
        -> RequestRate
    {
        let arguments = [
            "--threads", "1", "--connections", "\(connections)", "--duration", "\(seconds)s", "--latency",
        ]
        let fields = (["Accept: \(manifestType)"] + headers).flatMap { ["--header", $0] }
        let output = try Program.run("wrk", arguments + fields + ["http://127.0.0.1:\(port)\(path)"])
        let lines = output.split(separator: "\n").map { $0.split(separator: " ") }
        if let bad = output.split(separator: "\n").first(where: {
            $0.contains("Non-2xx") || $0.contains("Socket errors")
        }) {
            throw BenchmarkError("\(path): \(bad.drop { $0 == " " })")
        }
        guard
            let line = lines.first(where: { $0.first == "Requests/sec:" }), line.count == 2,
            let perSecond = Double(line[1])
        else { throw BenchmarkError("wrk printed no rate: \(output)") }
        let slowest = lines.first { $0.first == "99%" }?.last
        return RequestRate(perSecond: perSecond, slowest: slowest.flatMap { milliseconds(String($0)) })
    }

    private static func milliseconds(_ text: String) -> Double? {
        for (unit, factor) in [("us", 0.001), ("ms", 1), ("s", 1000)] where text.hasSuffix(unit) {
            if let number = Double(text.dropLast(unit.count)) { return number * factor }
        }
        return nil
    }
}
