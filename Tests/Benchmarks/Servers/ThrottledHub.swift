import Foundation
import SystemPackage

/// A public hub as a pull through sees it: files served by nginx, each connection held to a rate, at several ports.
struct ThrottledHub {
    /// In bytes a second.
    static let rate = 20_000_000

    let ports: [Int]
    private let server: Server
    private let log: String

    /// - Parameter root: what is served, as it lies there.
    static func with<Result>(
        _ root: FilePath,
        endpoints: Int,
        on bench: Bench,
        _ body: (ThrottledHub) throws -> Result
    ) throws -> Result {
        let own = bench.folder.appending("hub")
        try FileManager.default.createDirectory(atPath: own.string, withIntermediateDirectories: true)
        let log = own.appending("access.log").string
        try? FileManager.default.removeItem(atPath: log)
        let ports = try (0..<endpoints).map { _ in try Server.freePort() }
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "  \($0)_temp_path \(own.appending($0));" }
            .joined(separator: "\n")
        let listeners = ports.map { "    listen 127.0.0.1:\($0);" }.joined(separator: "\n")
        let configuration = """
            \(geteuid() == 0 ? "user root;\n" : "")daemon off;
            worker_processes 1;
            pid \(own.appending("pid"));
            error_log \(own.appending("error.log"));
            events { worker_connections 1024; }
            http {
            \(temporary)
              log_format bytes "$request_method $body_bytes_sent";
              access_log \(log) bytes;
              limit_rate \(rate);
              default_type application/octet-stream;
              server {
            \(listeners)
                root \(root);
                location = /v2/ { default_type application/json; return 200 "{}"; }
              }
            }

            """
        let file = own.appending("nginx.conf").string
        try configuration.write(toFile: file, atomically: false, encoding: .utf8)
        let server = try Server.start(
            .nginx,
            port: ports[0],
            command: ServerCommand(words: ["nginx", "-e", own.appending("error.log").string, "-c", file]),
            on: bench
        )
        defer { server.stop() }
        return try body(ThrottledHub(ports: ports, server: server, log: log))
    }

    /// How many bytes of files it has sent so far, as far as its requests have ended.
    var sentBytes: Int {
        let lines = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        return lines.split(separator: "\n").filter { $0.hasPrefix("GET ") }
            .reduce(0) { $0 + (Int($1.dropFirst(4)) ?? 0) }
    }
}
