import ImageSpec
import TestSupport
import Testing

@Suite("Repository names and tags")
struct NameTests {
    @Test("are accepted exactly when the specification's grammar accepts them")
    func grammar() throws {
        let name = /[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(\/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*/
        let tag = /[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}/
        var generator = SeededGenerator(seed: 11)
        var accepted = 0
        for _ in 0..<20_000 {
            let text = generator.text(of: "ab0._-/A", upTo: 10)
            let isName = (try? RepositoryName(text)) != nil
            #expect(isName == (text.wholeMatch(of: name) != nil), "the name '\(text)'")
            #expect(((try? Tag(text)) != nil) == (text.wholeMatch(of: tag) != nil), "the tag '\(text)'")
            accepted += isName ? 1 : 0
        }
        #expect(accepted > 500)
    }

    @Test("are bounded in length")
    func length() {
        #expect(throws: Never.self) { try RepositoryName(String(repeating: "a", count: 255)) }
        #expect(throws: ImageSpecError.self) { try RepositoryName(String(repeating: "a", count: 256)) }
        #expect(throws: Never.self) { try Tag(String(repeating: "a", count: 128)) }
        #expect(throws: ImageSpecError.self) { try Tag(String(repeating: "a", count: 129)) }
    }

    @Test("a manifest is named by a digest where there is a colon, else by a tag")
    func manifestReference() throws {
        let digest = Digest.of([1])
        #expect(try ManifestReference("\(digest)") == .digest(digest))
        #expect(try ManifestReference("v1.2") == .tag(Tag("v1.2")))
        #expect(throws: ImageSpecError.invalidDigest("sha256:abc")) { try ManifestReference("sha256:abc") }
        #expect(throws: ImageSpecError.invalidTag(".x")) { try ManifestReference(".x") }
    }
}
