import ImageSpec
import Testing

@Suite("Image references")
struct ImageReferenceTests {
    private static let digest = "sha256:" + String(repeating: "0", count: 64)

    @Test(
        "are completed as docker completes them, and shown as docker shows them",
        arguments: [
            ("nginx", "docker.io/library/nginx:latest", "nginx:latest"),
            ("team/app:1", "docker.io/team/app:1", "team/app:1"),
            ("docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
            ("docker.io/team/app", "docker.io/team/app:latest", "team/app:latest"),
            ("index.docker.io/nginx", "docker.io/library/nginx:latest", "nginx:latest"),
            (
                "daocloud.io/library/nginx", "daocloud.io/library/nginx:latest",
                "daocloud.io/library/nginx:latest"
            ),
            ("localhost:5000/x", "localhost:5000/x:latest", "localhost:5000/x:latest"),
            ("localhost/x", "localhost/x:latest", "localhost/x:latest"),
            ("127.0.0.1:80/a/b:c", "127.0.0.1:80/a/b:c", "127.0.0.1:80/a/b:c"),
            ("[::1]:5000/x", "[::1]:5000/x:latest", "[::1]:5000/x:latest"),
            ("Host/x", "Host/x:latest", "Host/x:latest"),
            ("nginx@\(digest)", "docker.io/library/nginx@\(digest)", "nginx@\(digest)"),
            ("host.example/x:t@\(digest)", "host.example/x:t@\(digest)", "host.example/x:t@\(digest)"),
        ]
    )
    func completion(text: String, full: String, familiar: String) throws {
        let reference = try ImageReference(text)
        #expect(reference.description == full)
        #expect(reference.familiarName == familiar)
        #expect(try ImageReference(full) == reference)
        #expect(try ImageReference(familiar) == reference)
    }

    @Test(
        "that aren't valid are refused",
        arguments: [
            "", ":", "@", "/", "a/", "/a", "nginx:", "nginx@", "nginx@sha256:1", "NGINX", "team/App", "a b",
            "host:port/x", "host:99999/x", "-host.example/x", "http://host.example/x", "x:.tag",
            "[::1/x", "a..b", "x:" + String(repeating: "t", count: 129),
        ]
    )
    func refusal(text: String) {
        #expect(throws: ImageSpecError.self) { try ImageReference(text) }
    }

    @Test("with a tag and a digest mean the digest")
    func both() throws {
        let digest = try Digest(Self.digest)
        #expect(try ImageReference("x:tag@\(digest)").manifestReference == .digest(digest))
        #expect(try ImageReference("x:tag").manifestReference == .tag(Tag("tag")))
    }

    @Test(
        "name a host that is this machine, or isn't",
        arguments: [
            ("localhost/x", true), ("localhost:5000/x", true), ("127.0.0.1/x", true), ("127.8.9.10:1/x", true),
            ("[::1]:5000/x", true), ("example.com/x", false), ("127.0.0.1.example.com/x", false),
            ("127.0.0.256/x", false), ("10.0.0.1:5000/x", false), ("[::2]/x", false), ("localhost.example/x", false),
        ]
    )
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try ImageReference(text).host.isLoopback == isLoopback)
    }

    @Test("give the host's parts")
    func hostParts() throws {
        #expect(try RegistryHost("[::1]:5000").hostname == "::1")
        #expect(try RegistryHost("[::1]:5000").port == 5000)
        #expect(try RegistryHost("example.com").port == nil)
        #expect(try RegistryHost("example.com:8443").hostname == "example.com")
    }
}
