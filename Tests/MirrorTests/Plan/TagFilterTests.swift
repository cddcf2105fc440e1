import ImageSpec
import Mirror
import Testing

@Suite("Filters of tags")
struct TagFilterTests {
    private static let tags = [
        "latest", "1.2.0", "1.3.0", "1.4.0-rc.1", "v1.4.0", "1.10.0", "2.0.0", "1.3.0-alpine", "nightly-9",
        "nightly-10",
        "sha256-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.sig",
    ]

    @Test("without anything all tags are meant, but those that belong to manifests")
    func all() throws {
        #expect(try selected(TagFilter()).count == Self.tags.count - 1)
    }

    @Test("globs, regular expressions and ranges are joined; excluded ones are left out")
    func patterns() throws {
        let filter = TagFilter(
            include: [
                .glob(GlobPattern("lat*")), .regex(try TagExpression(#"v?\d+\.\d+\.0"#)),
                .versions(try VersionRange("^1.9")),
            ],
            exclude: [.glob(GlobPattern("2.*"))]
        )
        #expect(try selected(filter) == ["1.10.0", "1.2.0", "1.3.0", "latest", "v1.4.0"])
    }

    @Test("a regular expression has to match the whole tag")
    func whole() throws {
        #expect(try selected(TagFilter(include: [.regex(try TagExpression("1|nightly-9"))])) == ["nightly-9"])
        #expect(throws: PlanError.self) { try TagExpression("(") }
    }

    @Test("prereleases are meant when they are asked for")
    func prereleases() throws {
        let range = TagPattern.versions(try VersionRange("1.x"))
        #expect(try selected(TagFilter(include: [range])) == ["1.10.0", "1.2.0", "1.3.0", "v1.4.0"])
        #expect(try selected(TagFilter(include: [range], prereleases: true)).contains("1.4.0-rc.1"))
    }

    @Test("the newest are the highest versions, and tags that are none stay")
    func newest() throws {
        let filter = TagFilter(exclude: [.glob(GlobPattern("*-*"))], newest: 2)
        #expect(try selected(filter) == ["1.10.0", "2.0.0", "latest"])
    }

    @Test("by name, numbers count as numbers")
    func newestByName() throws {
        let filter = TagFilter(include: [.glob(GlobPattern("nightly-*"))], newest: 1, order: .name)
        #expect(try selected(filter) == ["nightly-10"])
    }

    @Test("names alone need no list of tags")
    func literals() throws {
        let names = TagFilter(include: [.glob(GlobPattern("latest")), .glob(GlobPattern("1.2.0"))])
        #expect(names.literals?.map(\.rawValue) == ["1.2.0", "latest"])
        #expect(TagFilter(include: [.glob(GlobPattern("1.*"))]).literals == nil && TagFilter().literals == nil)
    }

    @Test("what is not new enough is still the filter's to delete; what is excluded isn't")
    func coverage() throws {
        let filter = TagFilter(include: [.glob(GlobPattern("1.*"))], exclude: [.glob(GlobPattern("*-rc*"))], newest: 1)
        #expect(filter.covers(try Tag("1.2.0")))
        #expect(try !filter.covers(Tag("1.4.0-rc.1")) && !filter.covers(Tag("latest")))
        #expect(try !TagFilter().covers(Tag(Self.tags[10])))
    }

    private func selected(_ filter: TagFilter) throws -> [String] {
        try filter.select(Self.tags.map { try Tag($0) }).map(\.rawValue)
    }
}
