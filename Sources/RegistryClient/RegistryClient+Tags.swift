import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOHTTP1

extension RegistryClient {
    /// In bytes, of one page.
    private static let maximumTagPageSize = 4 << 20
    private static let maximumTags = 1_000_000

    /// All tags of a repository, in the registry's order.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Listing Tags".
    package func tags(of repository: RepositoryName) async throws -> [Tag] {
        var tags: [Tag] = []
        var page: URL? = try url(repository, "tags/list")
        while let url = page {
            let request = RegistryRequest(method: .GET, url: url, access: .pull(repository))
            let response = try await send(request, expecting: [200])
            let bytes = try await collect(response, upTo: Self.maximumTagPageSize, from: url)
            let names = try Self.tagNames(in: bytes, from: url)
            tags += try names.map { try Tag($0) }
            page = try nextPage(after: response, at: url)
            guard tags.count <= Self.maximumTags, !(names.isEmpty && page != nil) else {
                throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "its pages don't end")
            }
        }
        return tags
    }

    private static func tagNames(in bytes: [UInt8], from url: URL) throws -> [String] {
        guard let list = try? ForeignJSON.decode(TagList.self, from: bytes) else {
            throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "it is not a list of tags")
        }
        return list.tags ?? []
    }

    /// Reads `Link: </v2/…?last=…>; rel="next"`.
    ///
    /// - SeeAlso: RFC 8288, section 3.
    private func nextPage(after response: HTTPClientResponse, at url: URL) throws -> URL? {
        for link in response.headers["Link"] where link.contains("rel=\"next\"") || link.contains("rel=next") {
            guard let start = link.firstIndex(of: "<"), let end = link.firstIndex(of: ">"), start < end else {
                continue
            }
            guard let next = URL(string: String(link[link.index(after: start)..<end]), relativeTo: url)?.absoluteURL,
                isRegistry(next)
            else { throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "its Link leads away") }
            return next
        }
        return nil
    }

    private struct TagList: Decodable {
        let tags: [String]?
    }
}
