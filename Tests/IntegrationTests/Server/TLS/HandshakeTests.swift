import Glibc
import ImageSpec
import SystemPackage
import Testing

/// Who may greet us, and what becomes of those who do it badly.
@Suite("Handshakes of TLS", .timeLimit(.minutes(5)))
struct HandshakeTests {
    @Test(
        "versions before 1.2 are refused, and 1.2 and 1.3 are spoken",
        .needs("openssl"),
        arguments: ["-tls1": false, "-tls1_1": false, "-tls1_2": true, "-tls1_3": true]
    )
    func versions(flag: String, isSpoken: Bool) async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(on: bench, by: TestAuthority(on: bench))
            // Security level 0 has this client offer the old ones at all.
            let greet = Command(
                "openssl",
                "s_client",
                "-connect",
                "\(server.host)",
                flag,
                "-cipher",
                "ALL:@SECLEVEL=0",
                "-brief"
            )
            let result = try await greet.run()
            #expect((result.status == .exited(0)) == isSpoken, "\(result.errorText)")
            if isSpoken { #expect(result.errorText.contains("CONNECTION ESTABLISHED")) }
        }
    }

    @Test("ciphers without forward secrecy or authentication are refused", .needs("openssl"))
    func ciphers() async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(on: bench, by: TestAuthority(on: bench))
            for cipher in ["AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES128-SHA256"] {
                let greet = Command(
                    "openssl",
                    "s_client",
                    "-connect",
                    "\(server.host)",
                    "-tls1_2",
                    "-cipher",
                    "\(cipher):@SECLEVEL=0",
                    "-brief"
                )
                #expect(try await greet.run().status != .exited(0), "\(cipher)")
            }
        }
    }

    @Test("a request in plain HTTP is told that the port speaks TLS")
    func plainRequest() async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(on: bench, by: TestAuthority(on: bench))
            let reply = try await server.registry.call(.GET, "/v2/")
            #expect(reply.status == 400)
            #expect(reply.errors.first?.message == "this port speaks HTTPS; the request came in plain HTTP")
        }
    }

    @Test("who greets slowly, or not at all, is closed; garbage is too; others are served meanwhile", .needs("curl"))
    func hostile() async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: ["BERTHD_HEADER_TIMEOUT": "2s"]
            )
            let silent = try (0..<100).map { _ in try RawConnection(to: server.host) }
            let halting = try RawConnection(to: server.host)
            // The beginning of a record that holds a greeting of 512 bytes.
            try halting.send([22, 3, 1, 2, 0, 1, 0])
            let garbage = try RawConnection(to: server.host)
            try garbage.send([0, 255, 1, 254] + pseudorandomBytes(1000))
            let wrong = try RawConnection(to: server.host)
            try wrong.send([22, 3, 1, 0, 4, 9, 9, 9, 9])
            let endless = try RawConnection(to: server.host)
            try? endless.send([22, 3, 1, 255, 255] + [UInt8](repeating: 1, count: 200_000))

            #expect(try await server.curl("--write-out", "%{http_code}", "/v2/").output() == "{}200")
            let start = ContinuousClock.now
            for connection in [garbage, wrong, endless, halting] + silent { _ = try? connection.readToEnd() }
            #expect(ContinuousClock.now - start < .seconds(20))
            #expect(try await server.curl("--write-out", "%{http_code}", "/v2/").output() == "{}200")
        }
    }

    @Test("connections past the limit are refused over TLS too, and counted before they greet", .needs("curl"))
    func connectionLimit() async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: ["BERTHD_MAX_CONNECTIONS_PER_ADDRESS": "3"]
            )
            let silent = try (0..<3).map { _ in try RawConnection(to: server.host) }
            for version in ["--http1.1", "--http2"] {
                let refused = try await server.curl(version, "--write-out", " %{http_code}", "/v2/").run()
                #expect(refused.text.contains("TOOMANYREQUESTS"), "\(refused.errorText)")
                #expect(refused.text.hasSuffix(" 429"))
            }
            withExtendedLifetime(silent) {}
        }
    }

    @Test("requests past the limit are refused stream by stream", .needs("curl"))
    func requestLimit() async throws {
        try await TestBench.use { bench in
            let operation = "127.0.0.1:\(try LoopbackPort.free())"
            let server = try await SecureBerthd.start(
                on: bench,
                by: TestAuthority(on: bench),
                environment: ["BERTHD_MAX_REQUESTS": "1", "BERTHD_METRICS_LISTEN": operation]
            )
            let start = server.curl("--request", "POST", "--dump-header", "-", "/v2/app/blobs/uploads/")
            let lines = try await start.output().split(whereSeparator: \.isNewline)
            let location = lines.first { $0.lowercased().hasPrefix("location: ") }?.dropFirst("location: ".count) ?? ""
            var patch = server.curl("--http2", "--request", "PATCH", "--upload-file", "-", String(location))
            patch.input = .pipe
            let upload = try bench.start(patch)
            try upload.write([1, 2, 3])
            try await server.registry.waitForUploads(1, at: "http://\(operation)")
            let refused = try await server.curl("--http2", "--write-out", " %{http_code}", "/v2/").output()
            #expect(refused.hasSuffix(" 503"))
            #expect(try await server.curl("--http2", "/readyz").run().status == .exited(0))
            try upload.closeInput()
            #expect(try await upload.result(within: .seconds(20)).status == .exited(0))
            #expect(try await server.curl("--http2", "--write-out", " %{http_code}", "/v2/").output() == "{} 200")
        }
    }
}
