import ImageSpec
import SystemPackage
import Testing

@testable import RegistryClient

@Suite("How registries are reached")
struct RegistriesTests {
    @Test(
        "a registry is spoken to over HTTPS, unless it is this machine or the configuration says otherwise",
        arguments: [
            ("docker.io", "https://registry-1.docker.io/v2/"), ("example.com:5000", "https://example.com:5000/v2/"),
            ("10.0.0.1", "https://10.0.0.1/v2/"), ("localhost:5000", "http://localhost:5000/v2/"),
            ("[::1]:5000", "http://[::1]:5000/v2/"), ("plain.example", "http://plain.example/v2/"),
            ("insecure.example", "https://insecure.example/v2/"),
        ]
    )
    func schemes(host: String, root: String) throws {
        var registries = Registries(configuration: .init())
        registries.plainHTTPRegistries = [try RegistryHost("plain.example")]
        registries.insecureRegistries = [try RegistryHost("insecure.example")]
        let origin = try registries.plan(for: RegistryHost(host)).origin
        #expect(origin.root.absoluteString == root)
        #expect(origin.security.skipsVerification == (host == "insecure.example"))
    }

    @Test("mirrors come before the registry, with their own ways and names, and only to pull")
    func mirrors() throws {
        var registries = Registries(configuration: .init())
        registries.plainHTTPRegistries = [try RegistryHost("plain.example")]
        registries.mirrors[.dockerHub] = try [
            "https://mirror.example", "plain.example", "http://10.0.0.1:5000", "localhost:5000/docker.io/",
        ].map { try RegistryAddress($0) }
        let plan = try registries.plan(for: .dockerHub)
        let repository = try RepositoryName("library/nginx")
        #expect(
            try plan.mirrors.map { try $0.url(repository, "tags/list", query: nil).absoluteString } == [
                "https://mirror.example/v2/library/nginx/tags/list?ns=docker.io",
                "http://plain.example/v2/library/nginx/tags/list?ns=docker.io",
                "http://10.0.0.1:5000/v2/library/nginx/tags/list?ns=docker.io",
                "http://localhost:5000/v2/docker.io/library/nginx/tags/list?ns=docker.io",
            ]
        )
        #expect(plan.mirrors.allSatisfy { !$0.capabilities.contains(.push) })
        #expect(
            plan.mirrors.map(\.host.rawValue) == ["mirror.example", "plain.example", "10.0.0.1:5000", "localhost:5000"]
        )
        #expect(plan.origin == (try RegistryEndpoint(.dockerHub)))
        #expect(try registries.plan(for: RegistryHost("example.com")).mirrors.isEmpty)
    }

    @Test(
        "an address that is none is refused",
        arguments: ["", "https://", "ftp://x", "a b", "https://user@x", "x/../y", "x/?a", "x/%2e", "https://https://x"]
    )
    func addresses(text: String) {
        #expect(throws: RegistryClientError.self) { try RegistryAddress(text) }
    }

    @Test("a hosts file says who is asked, for what, how, and in which order")
    func hostsFile() throws {
        let file = try HostsFile(
            parsing: Array(
                #"""
                server = "https://registry-1.docker.io"

                [host."https://b.example/prefix"]
                  capabilities = ["pull", "resolve"]
                  ca = ["ca.pem", "/etc/ca.pem"]
                  client = [["/c.cert", "/c.key"], ["other.pem", ""]]
                  dial_timeout = "3s"
                [host."https://b.example/prefix".header]
                  x-meta = ["1", "2"]

                [host."a.example:5000/v2/hub"]
                  capabilities = ["pull"]
                  override_path = true
                  skip_verify = true
                  client = "both.pem"
                """#.utf8
            ),
            at: "/certs.d/docker.io/hosts.toml"
        )
        let server = try #require(try file.server?.endpoint())
        #expect(server.host == .dockerHub && server.root.absoluteString == "https://registry-1.docker.io/v2/")
        let hosts = try file.hosts.map { try $0.endpoint() }
        #expect(hosts.map(\.root.absoluteString) == ["https://b.example/prefix/v2/", "https://a.example:5000/v2/hub/"])
        #expect(hosts.map(\.capabilities) == [[.pull, .resolve], .pull])
        #expect(hosts[0].security.authorities == ["/certs.d/docker.io/ca.pem", "/etc/ca.pem"])
        #expect(hosts[0].security.clientCertificate == .init(certificate: "/c.cert", key: "/c.key"))
        #expect(hosts[0].headers.map(\.value) == ["1", "2"])
        #expect(hosts[1].security.skipsVerification)
        let both = FilePath("/certs.d/docker.io/both.pem")
        #expect(hosts[1].security.clientCertificate == .init(certificate: both, key: both))
    }

    @Test(
        "a hosts file that can't be understood is refused",
        arguments: [
            "x", "server = 1", "server = true", "host = 1", "[host]\na = 1", "[host.x]\ncapabilities = true",
            "[host.x]\ncapabilities = [\"p u\"]", "[host.x]\nca = 1", "[host.x]\nskip_verify = \"yes\"",
            "[host.x.header]\n\"a b\" = \"c\"", "[host.x.header]\na = \"b\\nc\"", "[host.x]\nclient = []",
        ]
    )
    func refusedHostsFile(text: String) {
        #expect(throws: RegistryClientError.self) { try HostsFile(parsing: Array(text.utf8), at: "/x/hosts.toml") }
    }
}
