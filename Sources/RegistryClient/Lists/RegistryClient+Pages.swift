import AsyncHTTPClient
import FoundationEssentials
import NIOHTTP1

extension RegistryClient {
    /// Reads a list page by page, as `Link` leads from one to the next.
    ///
    /// However long the registry would go on, the list has bounds, see ``ListLimits``; and no page is read twice.
    ///
    /// - Parameter decode: gets the entries out of a page's body.
    /// - Throws: ``RegistryClientError/invalidResponse(url:reason:)`` for pages that can't be read, don't end or lead
    ///   to another host.
    func entries<Entry>(
        at first: URL,
        access: RepositoryAccess,
        decode: ([UInt8]) throws -> [Entry]
    ) async throws -> [Entry] {
        var entries: [Entry] = []
        var seen: Set<String> = []
        var bytesLeft = ListLimits.size
        var page: URL? = first
        while let url = page {
            guard seen.insert(url.absoluteString).inserted, seen.count <= ListLimits.pages, bytesLeft > 0 else {
                throw Self.endless(url)
            }
            let request = RegistryRequest(method: .GET, url: url, access: access)
            let response = try await send(request, expecting: [200])
            let bytes = try await collect(response, upTo: min(ListLimits.pageSize, bytesLeft), from: url)
            bytesLeft -= bytes.count
            guard let new = try? decode(bytes) else {
                throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "it is not a list")
            }
            entries += new
            page = try nextPage(after: response, at: url)
            guard entries.count <= ListLimits.entries, !(new.isEmpty && page != nil) else { throw Self.endless(url) }
        }
        return entries
    }

    private static func endless(_ url: URL) -> RegistryClientError {
        .invalidResponse(url: url.withoutQuery, reason: "its pages don't end")
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
}
