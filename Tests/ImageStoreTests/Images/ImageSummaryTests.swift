import FoundationEssentials
import ImageSpec
import ImageStore
import Testing

@Suite("Lists of images")
struct ImageSummaryTests {
    @Test("a list shows the same whether the index says it or the images' own documents")
    func summaries() throws {
        let fixture = try TemporaryStore()
        try fixture.add("one", layers: ["a"], created: "2020-01-01T00:00:00Z")
        try fixture.add("two:2", layers: ["b", "c"])
        let quick = try fixture.store.summaries()
        let index = try fixture.text(of: "images/index.json")
        #expect(index.contains("dev.berth.image.id"))
        try fixture.write(index.replacing("dev.berth.image.id", with: "nobody"), to: "images/index.json")
        let slow = try fixture.store.summaries()
        #expect(quick.map { "\($0)" } == slow.map { "\($0)" })
        #expect(quick.map(\.size) == [1, 2])
    }

    @Test("a list reads the index and nothing else")
    func readsNoMore() throws {
        let fixture = try TemporaryStore()
        for number in 0..<3 { try fixture.add("app:\(number)", layers: ["\(number)"]) }
        let before = try fixture.store.summaries()
        try FileManager.default.removeItem(atPath: "\(fixture.root)/images/blobs")
        #expect(try fixture.store.summaries().map { "\($0)" } == before.map { "\($0)" })
        #expect(before.count == 3)
    }
}
