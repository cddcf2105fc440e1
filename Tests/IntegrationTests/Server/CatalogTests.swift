import Foundation
import Testing

@Suite("The catalog over HTTP")
struct CatalogTests {
    private struct Page: Decodable {
        let repositories: [String]
    }

    @Test("repositories that hold a manifest are listed in order, page by page")
    func pages() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            #expect(try await registry.call(.GET, "/v2/_catalog").text == #"{"repositories":[]}"#)
            for name in ["b", "a/c", "a-b", "a"] { try await registry.push(layers: [], to: name, tag: "v1") }
            try await registry.push([1], to: "only/blobs")
            let all = try await registry.call(.GET, "/v2/_catalog")
            #expect(all.text == #"{"repositories":["a","a-b","a/c","b"]}"#)
            #expect(all.headers["link"] == [])

            var pages: [[String]] = []
            var next: String? = "/v2/_catalog?n=3"
            while let path = next {
                let page = try await registry.call(.GET, path)
                pages.append(try JSONDecoder().decode(Page.self, from: Data(page.body)).repositories)
                next = page.headers["link"].first.map { String($0.dropFirst().prefix { $0 != ">" }) }
            }
            #expect(pages == [["a", "a-b", "a/c"], ["b"]])
        }
    }

    @Test(
        "a page of none is empty and the last, one of too many is as long as there are",
        arguments: ["_catalog", "a/tags/list"]
    )
    func counts(list: String) async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench)
            for tag in ["1", "2"] { try await registry.push(layers: [], to: "a", tag: tag) }
            let none = try await registry.call(.GET, "/v2/\(list)?n=0")
            #expect(none.status == 200)
            #expect(none.text.contains("[]"))
            #expect(none.headers["link"] == [])
            for count in ["1000000", "99999999999999999999999"] {
                let page = try await registry.call(.GET, "/v2/\(list)?n=\(count)")
                #expect(page.status == 200)
                #expect(!page.text.contains("[]"))
                #expect(page.headers["link"] == [])
            }
            for count in ["-1", "", "x", "1.5", "+1"] {
                #expect(try await registry.call(.GET, "/v2/\(list)?n=\(count)").status == 400, "\(count)")
            }
            #expect(try await registry.call(.GET, "/v2/\(list)?last=zzz").text.contains("[]"))
        }
    }
}
