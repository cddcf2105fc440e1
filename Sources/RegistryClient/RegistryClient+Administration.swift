import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOHTTP1

extension RegistryClient {
    /// In bytes.
    private static let maximumAnswer = 16 << 20

    /// Asks a berthd for something, or to do something, by its administration's addresses.
    ///
    /// What changes something is sent once: whether it was done isn't known when the connection breaks.
    ///
    /// - Parameters:
    ///   - path: below `/api/v1/`.
    ///   - fields: the query, unescaped.
    ///   - body: sent as JSON.
    ///   - patience: how long the answer may take to begin; nil for as long as any.
    /// - Returns: the answer's body.
    /// - Throws: ``AdministrationRefused``; ``RegistryClientError``.
    package func administer(
        _ path: String,
        _ fields: [(name: String, value: String)] = [],
        method: HTTPMethod = .GET,
        body: JSONValue? = nil,
        patience: Duration? = nil
    ) async throws -> [UInt8] {
        let query = FormParameters.encoded(fields.map { ($0.name, $0.value) })
        let text = "/api/v1/\(path)" + (query.isEmpty ? "" : "?\(query)")
        guard let url = URL(string: text, relativeTo: root)?.absoluteURL else {
            throw RegistryClientError.invalidAddress(text)
        }
        var request = RegistryRequest(method: method, url: url, access: .registry)
        request.followsRedirects = false
        request.patience = patience
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = { .bytes(body.compactText) }
        }
        do {
            let response =
                try await method == .GET
                ? send(request, expecting: [200]) : sendOnce(request, expecting: [200, 201, 204])
            return try await collect(response, upTo: Self.maximumAnswer, from: url)
        } catch RegistryClientError.refused(let refusal) where refusal.status != 401 && !refusal.message.isEmpty {
            throw AdministrationRefused(reason: refusal.message)
        }
    }
}
