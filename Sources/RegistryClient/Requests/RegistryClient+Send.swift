import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1

extension RegistryClient {
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
        var didAnswerChallenge = false
        while true {
            // Credentials and tokens go to the registry itself and nowhere else.
            let isRegistry = !request.isAnonymous && isRegistry(request.url)
            let authorizationHeader = isRegistry ? try await authorization.header(for: request.access) : nil
            let response = try await execute(request, authorization: authorizationHeader)
            if statuses.contains(response.status.code) { return response }
            switch response.status.code {
            case 401 where !didAnswerChallenge && isRegistry:
                guard let challenge = AuthenticationChallenge.best(in: response.headers) else { break }
                didAnswerChallenge = true
                let hasAnswer = try await authorization.answer(
                    challenge,
                    for: request.access,
                    refused: authorizationHeader
                )
                guard hasAnswer else { break }
                continue
            case 301, 302, 303, 307, 308:
                guard request.followsRedirects, request.method == .GET || request.method == .HEAD else { break }
                guard redirects < configuration.maximumRedirects else {
                    throw RegistryClientError.tooManyRedirects(url: request.url.withoutQuery, limit: redirects)
                }
                redirects += 1
                request.url = try location(of: response, to: request.url)
                continue
            default:
                break
            }
            let refusal = await RegistryRefusal(response, to: request.method, request.url)
            guard !request.isAnonymous || refusal.isTransient else {
                // No advice to log in: who chose this address may only want a password.
                throw RegistryClientError.foreignLayerDenied(url: refusal.url, status: refusal.status)
            }
            throw RegistryClientError.refused(refusal)
        }
    }

    private func execute(
        _ request: RegistryRequest,
        authorization: String?
    ) async throws -> HTTPClientResponse {
        var message = HTTPClientRequest(url: request.url.absoluteString)
        message.method = request.method
        message.headers = request.headers
        message.body = request.body?()
        if !request.isAnonymous, isRegistry(request.url) {
            for field in endpoint.headers { message.headers.add(name: field.name, value: field.value) }
        }
        if let authorization { message.headers.replaceOrAdd(name: "Authorization", value: authorization) }
        if isRegistry(request.url) { try await configuration.beforeRequest?() }
        let response = try await connection.execute(
            message,
            to: request.url,
            isAnonymous: request.isAnonymous,
            timeout: TimeAmount(request.patience ?? configuration.answerTimeout)
        )
        if isRegistry(request.url), let remaining = RemainingPulls(response.headers) {
            configuration.onRemainingPulls?(remaining)
        }
        return response
    }
}
