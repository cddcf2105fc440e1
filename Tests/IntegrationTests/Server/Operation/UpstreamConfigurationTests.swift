import Glibc
import SystemPackage
import Testing

@Suite("The configuration of upstreams", .timeLimit(.minutes(5)))
struct UpstreamConfigurationTests {
    @Test("an upstream's name alone is enough; check-config shows what holds then")
    func defaults() async throws {
        let shown = try await check("upstreams:\n  docker.io:\n  quay.io: {}\ndefault_upstream: quay.io\n").output()
        #expect(shown.contains("default_upstream: quay.io "))
        #expect(shown.contains("\n  docker.io:\n    prefix: docker.io\n"))
        #expect(shown.contains("\n    - url: quay.io\n      trusted: true\n"))
        #expect(shown.contains("\n    tag_ttl: 10m\n"))
    }

    @Test("what check-config shows means the same when it is read again")
    func roundTrip() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write(Self.everyKey, to: file)
            let shown = try await Self.checkConfig(file).output()
            for line in ["ttl: immutable", "password_file: '/etc/a b: c'", "bytes_per_second: 20MiB", "- a/*:v*"] {
                #expect(shown.contains("\(line)\n"), "\(line) in \(shown)")
            }
            try write(shown, to: file)
            let again = try await Self.checkConfig(file).output()
            // All but where each value is from.
            #expect(Self.withoutComments(again) == Self.withoutComments(shown))
        }
    }

    @Test("the example in the sample is valid, and has every key")
    func sample() async throws {
        let file = FilePath(#filePath).removingLastComponent().removingLastComponent().removingLastComponent()
            .removingLastComponent().removingLastComponent().appending("config/berthd.yaml")
        let lines = String(decoding: try contents(ofFileAt: file), as: UTF8.self).split(separator: "\n")
        let start = try #require(lines.firstIndex(of: "# upstreams:"))
        let example = lines[start...].map { $0.dropFirst(2) }
        let shown = try await check(example.joined(separator: "\n") + "\n").output()
        let ways = ["credentials_file", "credential_helper", "credential_command"]
        let shownKeys = Self.keys(in: shown.split(separator: "\n").drop { !$0.hasPrefix("upstreams:") })
        #expect(Self.keys(in: example).subtracting(ways) == shownKeys)
        for way in ways { #expect(example.contains { $0.contains("# \(way): ") }) }
    }

    @Test("all that is wrong is told at once, each with its line and what was likely meant")
    func errors() async throws {
        let yaml = """
            upstreams:
              docker.io:
                prefx: hub
                tag_ttl: soon
                tags: [{mtch: v*, ttl: 1h}]
                pins: [library/*]
                deleted_tags: forget
                endpoints:
                  - url: http://a b
                  - https://x.example/?y
                  - url: x.example
                    proxy: https://proxy.example
                    username: me
                    client_key: /k
                    requests_per_second: 0
                    connections: many
                  - url: x.example
                    credential_helper: pass
                    credentials_file: /x
              hub.example:5000:
              quay.io: {prefix: docker.io, endpoints: [{url: quay.io, trusted: no}, {url: mirror.example, trusted: false}]}
              gcr.io: {endpoints: [{url: mirror.example, trusted: false}]}
              -bad-: {}
              ghcr.io: [a]
            default_upstream: ghcr
            cache_size: 3

            """
        let result = try await check(yaml).run()
        #expect(result.status == .exited(1))
        let expected = [
            "3: in 'upstreams.docker.io': unknown key 'prefx'; did you mean 'prefix'?",
            "4: 'upstreams.docker.io.tag_ttl' should be 'immutable' or a time from 0s to 3660d",
            "5: each of 'upstreams.docker.io.tags' should have 'match' and 'ttl'",
            "5: in 'upstreams.docker.io.tags': unknown key 'mtch'; did you mean 'match'?",
            "'upstreams.docker.io.pins' should hold 'REPOSITORY:TAG', each with * and ?, not 'library/*'",
            "7: 'upstreams.docker.io.deleted_tags' should be one of remove, keep, not 'forget'",
            "9: 'url' should be an endpoint's address, not 'http://a b'",
            "10: 'https://x.example/?y' should be an endpoint's address",
            "12: 'upstreams.docker.io.endpoints[2].proxy' should be 'off' or a proxy's address without a user",
            "11: 'username' and 'password_file' should stand together",
            "11: 'client_key' needs a 'client_certificate'",
            "15: 'upstreams.docker.io.endpoints[2].requests_per_second' should be 'off' or a number a second",
            "16: 'upstreams.docker.io.endpoints[2].connections' should be a number from 1 to 256, not 'many'",
            "17: an endpoint should have one of 'password_file', 'credentials_file', 'credential_helper' and",
            "'upstreams.hub.example:5000' needs a 'prefix'",
            "21: 'docker.io' and 'quay.io' have the same prefix, 'docker.io'",
            "'upstreams.quay.io.endpoints[0].trusted' should be true or false, not 'no'",
            "one of 'upstreams.gcr.io.endpoints' should be trusted",
            "'-bad-' should be a registry's host",
            "24: 'upstreams.ghcr.io' should hold keys and values",
            "'default_upstream' should be the name of one of the upstreams, not 'ghcr'",
            "26: 'cache_size' should be 'off' or a size from 1MiB",
        ]
        for message in expected { #expect(result.errorText.contains(message), "\(message) in \(result.errorText)") }
    }

    @Test("an upstream that changes needs a restart, and its name is told, but nothing of its credentials")
    func reload() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("upstreams: {docker.io: , quay.io: }\n", to: file)
            let registry = try await Berthd.start(on: bench, arguments: ["--config", file.string])
            try write(
                """
                upstreams:
                  docker.io:
                  quay.io:
                    endpoints: [{url: quay.io, credential_command: [login, hunter2]}]

                """,
                to: file
            )
            registry.process.send(signal: SIGHUP)
            try await registry.waitForLog("the configuration was read again")
            let restart = registry.log.split(separator: "\n").first { $0.contains("needs a restart") }
            #expect(restart?.contains("key=upstreams") == true)
            #expect(restart?.contains("quay.io") == true && restart?.contains("docker.io") == false)
            #expect(!registry.log.contains("hunter2"))
        }
    }

    private func check(_ yaml: String) async throws -> Command {
        // Read by a program that ends before the folder does.
        let folder = try TemporaryFolder()
        removeAtExit(folder)
        let file = folder.path.appending("berthd.yaml")
        try write(yaml, to: file)
        return Self.checkConfig(file)
    }

    private static func checkConfig(_ file: FilePath) -> Command {
        BuiltProgram.berthd.command(["check-config", "--config", file.string])
    }

    private static func withoutComments(_ yaml: String) -> [String] {
        yaml.split(separator: "\n").map { line in
            let value = line.firstRange(of: "  # ").map { line[..<$0.lowerBound] } ?? line
            return String(value.reversed().drop { $0 == " " }.reversed())
        }
    }

    /// The names of the keys, at whatever depth, without those that are commented out.
    private static func keys(in lines: some Sequence<Substring>) -> Set<String> {
        Set(
            lines.compactMap { line in
                let text = line.drop { $0 == " " || $0 == "-" }
                guard !text.hasPrefix("#"), !text.contains("://") || text.contains(": "),
                    let colon = text.firstIndex(of: ":")
                else { return nil }
                let key = text[..<colon]
                return key.allSatisfy { $0.isLowercase || $0 == "_" } ? String(key) : nil
            }
        )
    }

    private static let everyKey = """
        cache_size: 20GiB
        upstreams:
          docker.io:
            prefix: ""
            path: library
            endpoints:
              - url: http://mirror.example:5000/a/b
                trusted: true
                username: "me: # you"
                password_file: "/etc/a b: c"
                certificate_authorities: [/a.pem, "/b c.pem"]
                client_certificate: /client.pem
                skip_verify: true
                requests_per_second: 0.5
                bytes_per_second: 20MiB
                connections: 3
                proxy: http://[::1]:3128
              - {url: registry-1.docker.io, credential_command: [a, "b: c", "'d'", "é\\t", ""]}
              - {url: other.example, credential_helper: pass, requests_per_second: off}
              - {url: other.example, credentials_file: /x}
            tag_ttl: immutable
            tags: [{match: "v*", ttl: immutable}, {match: "*", ttl: 90s}]
            list_ttl: 0
            stale_if_error: 1h
            not_found_ttl: 500ms
            deleted_tags: keep
            prefetch: 0
            authorize: berth
            pins: ["a/*:v*", "*:latest"]
          hub.example:5000: {prefix: hub/x}

        """
}
