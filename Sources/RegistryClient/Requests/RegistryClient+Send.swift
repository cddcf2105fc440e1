import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension RegistryClient {
    private static let userAgent = "berth"
    /// How long a registry may take to begin its answer once it has the whole request.
    private static let answerTimeout: TimeAmount = .hours(6)

    /// Sends `request` and tries again what may pass; the answer's status is one of `statuses`.
    func send(_ request: RegistryRequest, expecting statuses: Set<UInt>) async throws -> HTTPClientResponse {
        try await configuration.retries.run { _ in
            try await sendOnce(request, expecting: statuses)
        }
    }

    /// Sends `request`, gets a token when the registry asks for one, and follows redirects.
    ///
    /// - Throws: ``RegistryClientError/refused(_:)`` for every status that isn't one of `statuses`.
    func sendOnce(_ request: RegistryRequest, expecting statuses: Set<UInt>) async throws -> HTTPClientResponse {
        var request = request
        var redirects = 0
        var didRenewToken = false
        while true {
            let response = try await execute(request)
            if statuses.contains(response.status.code) { return response }
            switch response.status.code {
            case 401 where !didRenewToken && isRegistry(request.url):
                guard let challenge = BearerChallenge(response.headers) else { break }
                didRenewToken = true
                tokens[request.access] = try await token(for: challenge)
                continue
            case 301, 302, 303, 307, 308:
                // What is sent goes to the registry, and to no place that it names.
                guard request.method == .GET || request.method == .HEAD else { break }
                guard redirects < configuration.maximumRedirects else {
                    throw RegistryClientError.tooManyRedirects(url: request.url.withoutQuery, limit: redirects)
                }
                redirects += 1
                request.url = try location(of: response, to: request.url)
                continue
            default:
                break
            }
            throw RegistryClientError.refused(await RegistryRefusal(response, to: request.method, request.url))
        }
    }

    private func execute(_ request: RegistryRequest) async throws -> HTTPClientResponse {
        var message = HTTPClientRequest(url: request.url.absoluteString)
        message.method = request.method
        message.headers = request.headers
        message.headers.replaceOrAdd(name: "User-Agent", value: Self.userAgent)
        message.body = request.body?()
        // Tokens go to the registry itself and nowhere else.
        if isRegistry(request.url), let token = tokens[request.access] {
            message.headers.replaceOrAdd(name: "Authorization", value: "Bearer \(token)")
        }
        return try await execute(message, to: request.url)
    }

    /// Sends one HTTP request; what the connection throws becomes an error of ours.
    func execute(_ message: HTTPClientRequest, to url: URL) async throws -> HTTPClientResponse {
        do {
            return try await http.execute(message, timeout: Self.answerTimeout)
        } catch {
            throw connectionError(error, to: url)
        }
    }
}
