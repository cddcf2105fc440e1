import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

/// Several listeners, and proxies before them.
@Suite("Listeners", .timeLimit(.minutes(5)))
struct ListenerTests {
    @Test("each listener serves the same registry, as its own keys say", .needs("curl", "openssl"))
    func several() async throws {
        try await TestBench.use { bench in
            let authority = try await TestAuthority(on: bench)
            let pair = try await authority.issue("berthd")
            let file = bench.folder.appending("berthd.yaml")
            try write(
                """
                listeners:
                  - address: 127.0.0.1:0
                    tls: {certificate: \(pair.certificate), key: \(pair.key)}
                  - address: 127.0.0.1:0
                    tls: self-signed
                  - address: '[::1]:0'

                """,
                to: file
            )
            let plain = try await Berthd.start(on: bench, arguments: ["--config", file.string])
            let lines = String(decoding: plain.process.outputSoFar, as: UTF8.self).split(separator: "\n")
            #expect(lines.count == 4)
            let addresses = lines.compactMap { $0.split(separator: " ").last.map { String($0) } }
            #expect(addresses.map { $0.prefix { $0 != "/" } } == ["http:", "https:", "https:", "http:"])

            let digest = try await plain.push([1, 2, 3], to: "team/app")
            let own = bench.folder.appending("berthd/tls/ca.crt").string
            for (address, trusted) in zip(addresses, [own, authority.certificate.string, own, own]) {
                let url = "\(address)/v2/team/app/blobs/\(digest)"
                let get = Command("curl", "--silent", "--show-error", "--cacert", trusted, "--dump-header", "-", url)
                let answer = try await get.run()
                #expect(answer.standardOutput.suffix(3) == [1, 2, 3], "\(address): \(answer.errorText)")
                let isTold = answer.text.lowercased().contains("strict-transport-security")
                #expect(isTold == address.hasPrefix("https:"))
            }
        }
    }

    @Test("check-config tells what is wrong with listeners and certificates", .needs("openssl"))
    func mistakes() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write(
                """
                tls: self-signed
                tls_certificate: /a
                trusted_proxies: 10.0.0.1/8
                public_url: registry.example
                listeners:
                  - adress: 127.0.0.1:1
                  - address: 127.0.0.1:2
                    tls: {certificate: /a}

                """,
                to: file
            )
            let result = try await BuiltProgram.berthd.command(["check-config", "--config", file.string]).run()
            #expect(result.status == .exited(1))
            let errors = result.errorText
            #expect(errors.contains("'trusted_proxies' should be 'off', or addresses and networks"))
            #expect(errors.contains("'public_url' should be"))
            #expect(errors.contains("'listeners[0]' should have an 'address'"))
            #expect(errors.contains("'listeners[1].tls' should have a 'certificate' and its 'key'"))
            #expect(errors.contains("'tls_certificate' and 'tls_key' should both be set"))
            #expect(errors.contains("'tls' should be files where 'tls_certificate' is set"))

            let authority = try await TestAuthority(on: bench)
            let (one, other) = (try await authority.issue("one"), try await authority.issue("other"))
            try write("tls_certificate: \(one.certificate)\ntls_key: \(other.key)\n", to: file)
            let mismatch = try await BuiltProgram.berthd.command(["check-config", "--config", file.string]).run()
            #expect(mismatch.status == .exited(1))
            #expect(mismatch.errorText.contains("is not that of the certificate in '\(one.certificate)'"))
        }
    }

    @Test("a listener without TLS that others reach is warned of")
    func warning() async throws {
        try await TestBench.use { bench in
            let file = bench.folder.appending("berthd.yaml")
            try write("listeners: [{address: '0.0.0.0:0'}]\n", to: file)
            let registry = try await Berthd.start(on: bench, arguments: ["--config", file.string])
            try await registry.waitForLog("a listener without TLS can be reached from elsewhere")
            #expect(registry.log.split(separator: "\n").count { $0.contains("without TLS") } == 1)
        }
    }

    @Test("an address that is taken keeps all listeners from starting")
    func taken() async throws {
        try await TestBench.use { bench in
            let first = try await Berthd.start(on: bench)
            let file = bench.folder.appending("berthd.yaml")
            try write("listeners: [{address: '\(first.host)'}]\n", to: file)
            let data = try bench.makeFolder("second")
            let second = BuiltProgram.berthd.command(
                ["serve", "--listen", "127.0.0.1:0", "--data", data.string, "--config", file.string]
            )
            let result = try await second.run()
            #expect(result.status == .exited(1))
            #expect(result.errorText.contains("can't listen on \(first.host)"))
            #expect(result.text.isEmpty)
        }
    }

    @Test("a proxy is believed when it is trusted, and only in the fields that it is known to set")
    func proxies() async throws {
        let cases: [(settings: [String: String], fields: HTTPHeaders, client: String)] = [
            ([:], ["x-forwarded-for": "192.0.2.1"], "127.0.0.1"),
            (["TRUSTED_PROXIES": "10.0.0.0/8"], ["x-forwarded-for": "192.0.2.1"], "127.0.0.1"),
            (["TRUSTED_PROXIES": "127.0.0.1"], ["x-forwarded-for": "192.0.2.1"], "192.0.2.1"),
            (["TRUSTED_PROXIES": "127.0.0.1"], ["forwarded": "for=192.0.2.1"], "127.0.0.1"),
            (
                ["TRUSTED_PROXIES": "127.0.0.0/8, 10.0.0.0/8"],
                ["x-forwarded-for": "1.2.3.4, 192.0.2.1, 10.1.2.3"], "192.0.2.1"
            ),
            (["TRUSTED_PROXIES": "127.0.0.1"], ["x-forwarded-for": "unknown"], "127.0.0.1"),
            (
                ["TRUSTED_PROXIES": "127.0.0.1", "PROXY_HEADERS": "forwarded"],
                [
                    "forwarded": "for=\"[2001:db8::1]:4711\";proto=https;by=_x, for=192.0.2.7",
                    "x-forwarded-for": "1.2.3.4",
                ],
                "192.0.2.7"
            ),
            (
                ["TRUSTED_PROXIES": "127.0.0.1, 192.0.2.7", "PROXY_HEADERS": "forwarded"],
                ["forwarded": "for=\"[2001:db8::1]:4711\";proto=https;by=_x, for=192.0.2.7"], "2001:db8::1"
            ),
        ]
        for (index, example) in cases.enumerated() {
            try await TestBench.use { bench in
                var environment = ["BERTHD_LOG_FORMAT": "json"]
                for (key, value) in example.settings { environment["BERTHD_\(key)"] = value }
                let registry = try await Berthd.start(on: bench, environment: environment)
                _ = try await registry.call(.GET, "/v2/", headers: example.fields)
                let line = try await registry.accessLine { $0["path"] as? String == "/v2/" }
                #expect(line["client"] as? String == example.client, "case \(index)")
            }
        }
    }
}
