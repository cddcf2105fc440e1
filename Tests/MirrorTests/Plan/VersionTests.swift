import Mirror
import Testing

@Suite("Versions and ranges of them")
struct VersionTests {
    @Test("precedence is semver's")
    func precedence() throws {
        let ordered = [
            "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
            "v1.0.0-rc.1", "1.0.0", "1.0.1", "1.2", "1.10.0", "2", "10.0.0",
        ]
        let versions = try ordered.map { try #require(SemanticVersion($0)) }
        #expect(versions.shuffled().sorted() == versions)
        #expect(SemanticVersion("1.2") == SemanticVersion("v1.2.0"))
    }

    @Test(
        "what is no version isn't taken for one",
        arguments: [
            "", "latest", "v", "1.", ".1", "1.2.3.4", "1.x", "1.2-", "1.2.3-a..b", "-1", "1.99999999999999999999",
            "sha256-ab",
        ]
    )
    func invalid(text: String) {
        #expect(SemanticVersion(text) == nil)
    }

    @Test(
        "a range holds what it says and nothing else",
        arguments: [
            (">=1.2 <2", ["1.2.0", "1.2", "v1.99.9"], ["1.1.9", "2.0.0", "2", "1.5.0-rc.1", "2.0.0-rc.1"]),
            ("^1.4", ["1.4.0", "1.9.3"], ["1.3.9", "2.0.0", "2.0.0-0"]),
            ("^0.2.3", ["0.2.3", "0.2.9"], ["0.3.0", "0.2.2", "1.0.0"]),
            ("^0.0.3", ["0.0.3"], ["0.0.4", "0.0.2"]),
            ("^0", ["0.9.1"], ["1.0.0"]),
            ("~1.4.2", ["1.4.2", "1.4.99"], ["1.4.1", "1.5.0"]),
            ("~1", ["1.0.0", "1.9.0"], ["2.0.0", "0.9.0"]),
            ("1.x", ["1.0.0", "1.7"], ["2.0.0", "0.9.9"]),
            ("1.2.*", ["1.2.0", "1.2.7"], ["1.3.0"]),
            ("1.2", ["1.2.0", "1.2.7"], ["1.3.0", "1.1.9"]),
            ("=1.2.3", ["1.2.3", "v1.2.3"], ["1.2.4", "1.2.3-rc.1"]),
            ("*", ["0.0.0", "99.1.2"], ["1.0.0-rc.1"]),
            ("1.2 - 1.4", ["1.2.0", "1.4.9"], ["1.1.9", "1.5.0"]),
            ("1.2.3 - 1.4.5", ["1.2.3", "1.4.5"], ["1.4.6"]),
            ("^1.4 || ^3", ["1.5.0", "3.0.1"], ["2.0.0", "4.0.0"]),
            ("> 1.2, < 1.4", ["1.3.0"], ["1.2.0", "1.2.9", "1.4.0"]),
            (">1.2.3", ["1.2.4"], ["1.2.3"]),
            ("<=1.2", ["1.2.9", "0.1.0"], ["1.3.0"]),
            (">=1.2.3-rc.1 <2", ["1.2.3-rc.1", "1.2.3-rc.2", "1.2.3"], ["1.2.3-beta", "1.2.4-rc.1"]),
        ]
    )
    func ranges(text: String, inside: [String], outside: [String]) throws {
        let range = try VersionRange(text)
        for version in inside { #expect(range.contains(try #require(SemanticVersion(version))), "\(version)") }
        for version in outside { #expect(!range.contains(try #require(SemanticVersion(version))), "\(version)") }
    }

    @Test("prereleases are in a range when they are asked for, but those of its end never")
    func prereleases() throws {
        let range = try VersionRange("^1.4")
        for (text, isInside) in [("1.5.0-rc.1", true), ("1.4.0-rc.1", true), ("2.0.0-rc.1", false)] {
            #expect(range.contains(try #require(SemanticVersion(text)), prereleases: true) == isInside, "\(text)")
        }
    }

    @Test(
        "what is no range is refused",
        arguments: ["", "||", "latest", ">", ">=x.1", "1 - ", "^1.2.3.4", "!1", "1..2", "^18446744073709551615"]
    )
    func refused(text: String) {
        #expect(throws: PlanError.self) { try VersionRange(text) }
    }
}
