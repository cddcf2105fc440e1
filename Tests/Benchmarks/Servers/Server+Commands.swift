import Foundation
import SystemPackage

extension Server {
    static func berthd(port: Int, data: FilePath, on bench: Bench) -> ServerCommand {
        ServerCommand(
            words: [bench.berthd, "serve", "--listen", "127.0.0.1:\(port)", "--data", data.string],
            environment: ["BERTHD_LOG_LEVEL": bench.settings.accessLog ? "info" : "warning"]
        )
    }

    /// With a listener of TLS beside the plain one.
    static func secureBerthd(
        port: Int,
        data: FilePath,
        on bench: Bench,
        secure: (port: Int, pair: ServerCertificate)
    ) throws -> ServerCommand {
        let file = bench.folder.appending("berthd-tls.yaml").string
        let yaml = """
            listeners:
              - address: 127.0.0.1:\(secure.port)
                tls: {certificate: \(secure.pair.certificate), key: \(secure.pair.key)}

            """
        try yaml.write(toFile: file, atomically: false, encoding: .utf8)
        var command = berthd(port: port, data: data, on: bench)
        command.words += ["--config", file]
        return command
    }

    /// With the hub for its default upstream.
    static func cachingBerthd(port: Int, data: FilePath, of hub: ThrottledHub, on bench: Bench) throws -> ServerCommand
    {
        let endpoints = hub.ports.map { "      - http://127.0.0.1:\($0)\n" }.joined()
        let file = bench.folder.appending("berthd-cache.yaml").string
        try "default_upstream: hub.test\nupstreams:\n  hub.test:\n    endpoints:\n\(endpoints)".write(
            toFile: file,
            atomically: false,
            encoding: .utf8
        )
        var command = berthd(port: port, data: data, on: bench)
        command.words += ["--config", file]
        return command
    }

    /// As a proxy of the hub.
    static func cachingDockerRegistry(
        port: Int,
        data: FilePath,
        of hub: ThrottledHub,
        on bench: Bench
    ) throws -> ServerCommand {
        let command = try dockerRegistry(port: port, data: data, on: bench)
        let file = command.words[command.words.count - 1]
        let configuration = try String(contentsOfFile: file, encoding: .utf8)
        try (configuration + "proxy: {remoteurl: 'http://127.0.0.1:\(hub.ports[0])'}\n").write(
            toFile: file,
            atomically: false,
            encoding: .utf8
        )
        return command
    }

    /// As Debian configures it, but for logs and the address.
    static func dockerRegistry(port: Int, data: FilePath, on bench: Bench) throws -> ServerCommand {
        let configuration = """
            version: 0.1
            log: {level: \(bench.settings.accessLog ? "info" : "error"), accesslog: {disabled: \(!bench.settings.accessLog)}}
            storage:
              cache: {blobdescriptor: inmemory}
              delete: {enabled: true}
              filesystem: {rootdirectory: \(data)}
            http: {addr: "127.0.0.1:\(port)"}

            """
        let file = bench.folder.appending("docker-registry.yml").string
        try configuration.write(toFile: file, atomically: false, encoding: .utf8)
        return ServerCommand(words: ["docker-registry", "serve", file], environment: ["OTEL_TRACES_EXPORTER": "none"])
    }

    /// Files are served as they lie under `data`; `/v2/` is a fixed answer.
    ///
    /// - Parameter secure: a listener of TLS beside the plain one.
    static func nginx(
        port: Int,
        data: FilePath,
        on bench: Bench,
        secure: (port: Int, pair: ServerCertificate)? = nil
    ) throws -> ServerCommand {
        let own = bench.folder.appending("nginx")
        try FileManager.default.createDirectory(atPath: own.string, withIntermediateDirectories: true)
        let user = geteuid() == 0 ? "user root;\n" : ""
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map { "  \($0)_temp_path \(own.appending($0));" }
            .joined(separator: "\n")
        let secureLines =
            secure.map { secure in
                """
                listen 127.0.0.1:\(secure.port) ssl;
                ssl_certificate \(secure.pair.certificate);
                ssl_certificate_key \(secure.pair.key);
                ssl_protocols TLSv1.3;
                """
            } ?? ""
        let configuration = """
            \(user)daemon off;
            worker_processes 2;
            pid \(own.appending("pid"));
            error_log \(own.appending("error.log"));
            events { worker_connections 1024; }
            http {
            \(temporary)
              access_log off;
              sendfile on;
              tcp_nopush on;
              keepalive_requests 1000000000;
              default_type \(manifestType);
              server {
                listen 127.0.0.1:\(port);
                \(secureLines)
                root \(data);
                location = /v2/ { default_type application/json; return 200 "{}"; }
              }
            }

            """
        let file = own.appending("nginx.conf").string
        try configuration.write(toFile: file, atomically: false, encoding: .utf8)
        return ServerCommand(words: ["nginx", "-e", own.appending("error.log").string, "-c", file])
    }
}
