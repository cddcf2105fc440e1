import ImageSpec
import Testing

@Suite("Glob patterns")
struct GlobPatternTests {
    @Test(
        "match as shells' do",
        arguments: [
            ("*", "", true), ("v*.*.*", "v1.2.3", true), ("v*.*.*", "v1.2", false), ("latest", "latest", true),
            ("latest", "latest2", false), ("?a*", "ba", true), ("?a*", "a", false), ("*a*b", "xaxxb", true),
            ("", "", true), ("", "a", false), ("library/*", "library/nginx", true), ("**", "x/y", true),
        ]
    )
    func matching(pattern: String, name: String, matches: Bool) {
        #expect(GlobPattern(pattern).matches(name) == matches)
    }

    @Test("a pattern made to take long doesn't")
    func hostile() {
        let pattern = GlobPattern(String(repeating: "a*", count: 200) + "b")
        let start = ContinuousClock.now
        #expect(!pattern.matches(String(repeating: "a", count: 10_000)))
        #expect(ContinuousClock.now - start < .seconds(5))
    }
}
