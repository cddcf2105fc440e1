import FoundationEssentials
import Testing

@testable import RegistryClient

@Suite("Addresses that registries name")
struct AddressTests {
    @Test(
        "are this machine's or not",
        arguments: [
            ("http://localhost/x", true), ("http://127.0.0.1:5000/x", true), ("http://127.9.9.9", true),
            ("http://[::1]:5000/x", true), ("http://[::1]", true), ("http://[::2]/x", false),
            ("http://127.0.0.1.example/x", false), ("http://localhost.example", false), ("http://10.0.0.1", false),
            ("http://127.1/x", false),
        ]
    )
    func loopback(text: String, isLoopback: Bool) throws {
        #expect(try #require(URL(string: text)).isLoopback == isLoopback)
    }

    @Test(
        "are of the registry itself only by scheme, host and port",
        arguments: [
            ("https://example.com/v2/x", true), ("https://EXAMPLE.com:443/y", true), ("http://example.com/", false),
            ("https://example.com:444/", false), ("https://example.com.evil.example/", false),
            ("https://evil.example/example.com", false), ("https://user@example.com/", true),
        ]
    )
    func origin(text: String, isSame: Bool) throws {
        let root = try #require(URL(string: "https://example.com/v2/"))
        #expect(try #require(URL(string: text)).hasSameOrigin(as: root) == isSame)
    }
}
