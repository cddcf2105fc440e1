import ImageSpec
import SystemPackage
import Testing

/// Pulls by way of mirrors, as the client's configuration names them.
@Suite("Search mirrors", .timeLimit(.minutes(3)))
struct MirrorsTests {
    @Test(
        "a mirror is asked first, by the registry's name below its path, and the registry is not",
        .needs("skopeo", "umoci")
    )
    func mirrorFirst() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let mirror = try await Berthd.start(on: bench)
            try await Skopeo.copy(
                image.ociName,
                to: "docker://\(mirror.name("hub/library/busybox", tag: "1"))",
                "--preserve-digests"
            )
            let berth = try Berth(on: bench)
            // The first is nobody.
            let nobody = try LoopbackPort.free()
            try berth.configure(
                """
                mirrors:
                  docker.io: ["127.0.0.1:\(nobody)", "http://\(mirror.host)/hub"]
                """
            )
            let pull = try await berth("pull", "busybox:1").run()
            #expect(pull.status == .exited(0), "\(pull.errorText)")
            #expect(pull.errorText.contains("the mirror 127.0.0.1:\(nobody) is passed over: no answer"))
            #expect(pull.text.hasSuffix("docker.io/library/busybox:1\n"))
            #expect(try berth.blobs() == BlobSet(layout: image.layout))
            #expect(try await berth("images", "-q").output() != "")
        }
    }

    @Test(
        "a mirror whose content is wrong is passed over, and nothing of it stays",
        .needs("docker-registry", "skopeo")
    )
    func lyingMirror() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let registry = try await DockerRegistry.start(on: bench)
            let name = registry.name("team/busybox")
            try await Skopeo.copy(image.ociName, to: "docker://\(name)", "--preserve-digests")
            let manifest = try await Skopeo.manifest(of: "docker://\(name)")
            try await ScriptedRegistry.use { request in
                guard request.uri.contains("/blobs/") else { return ScriptedAnswer(body: manifest) }
                // As long as each blob may be, and none of them.
                var answer = ScriptedAnswer(body: [UInt8](repeating: 1, count: 4096))
                answer.ending = .never
                return answer
            } _: { mirror in
                let berth = try Berth(on: bench)
                try berth.configure("mirrors: {\"\(registry.host)\": [\"\(mirror.host)\"]}\n")
                let pull = try await berth("pull", name).run()
                #expect(pull.status == .exited(0), "\(pull.errorText)")
                #expect(pull.errorText.contains("the mirror \(mirror.host) is passed over"))
                #expect(mirror.requests.allSatisfy { $0.uri.hasSuffix("?ns=\(registry.host)") })
                #expect(try berth.blobs() == BlobSet(layout: image.layout))
                #expect(try names(in: berth.root.appending("tmp")).isEmpty)
            }
        }
    }

    @Test("a mirror gets its own credentials, not the registry's")
    func credentials() async throws {
        try await ScriptedRegistry.use { _ in
            .status(.unauthorized, ("WWW-Authenticate", "Basic realm=x"))
        } _: { mirror in
            try await TestBench.use { bench in
                let registry = try await PasswordRegistry.start(on: bench)
                let berth = try Berth(on: bench)
                let name = try await berth.importBusybox(as: registry.name("team/busybox"))
                try await berth.login(registry.host.rawValue, as: PasswordRegistry.username, PasswordRegistry.password)
                    .output()
                try await berth("push", name).output()
                try berth.configure("mirrors: {\"\(registry.host)\": [\"\(mirror.host)\"]}\n")
                try await berth("pull", name).output()
                #expect(!mirror.requests.isEmpty)
                #expect(mirror.requests.allSatisfy { $0.header("Authorization") == nil })
            }
        }
    }
}
