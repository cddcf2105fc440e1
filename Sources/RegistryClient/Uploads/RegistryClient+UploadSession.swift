import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOHTTP1

extension RegistryClient {
    /// Opens an upload session; nil when the blob was mounted instead.
    func openSession(
        for digest: Digest,
        in repository: RepositoryName,
        mountingFrom source: RepositoryName?
    ) async throws -> UploadSession? {
        let query = source.map { "mount=\(digest)&from=\($0)" }
        let url = try url(repository, "blobs/uploads/", query: query)
        let request = RegistryRequest(method: .POST, url: url, access: .push(repository, mountingFrom: source))
        let response = try await sendOnce(request, expecting: source == nil ? [202] : [201, 202])
        guard response.status != .created else { return nil }
        var session = UploadSession(location: try location(of: response, to: url), offset: 0)
        session.minimumChunk = response.headers.first(name: "OCI-Chunk-Min-Length").flatMap { Int64($0) }
            .flatMap { $0 > 0 ? $0 : nil }
        return session
    }

    /// Asks a session how far it is; nil when it is gone, or has nothing that would be worth going on from.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing a blob in chunks", end-13.
    func resumeSession(
        at location: URL,
        upTo size: Int64,
        in repository: RepositoryName
    ) async throws -> UploadSession? {
        var request = RegistryRequest(method: .GET, url: location, access: .push(repository))
        request.followsRedirects = false
        let response: HTTPClientResponse
        do {
            response = try await sendOnce(request, expecting: [200, 202, 204])
        } catch RegistryClientError.refused(let refusal) where refusal.meansLostSession {
            return nil
        }
        // With one byte, which may be none, it is not worth telling which.
        guard let offset = UploadSession.offset(in: response.headers), offset > 1, offset <= size else {
            try await cancelSession(at: location, in: repository)
            return nil
        }
        return UploadSession(location: try nextLocation(of: response, after: location), offset: offset)
    }

    /// Gives a session up; if that fails, the registry forgets it in its own time.
    ///
    /// - Throws: ``BusySession``: then the session has more in a moment than it says now.
    private func cancelSession(at location: URL, in repository: RepositoryName) async throws {
        let request = RegistryRequest(method: .DELETE, url: location, access: .push(repository))
        do {
            _ = try await sendOnce(request, expecting: [202, 204])
        } catch RegistryClientError.refused(let refusal) {
            if let busy = BusySession(refusal) { throw busy }
        } catch is RegistryClientError {
            return
        }
    }

    /// Where the session goes on: it may get another address with each answer, but none at another host.
    func nextLocation(of response: HTTPClientResponse, after url: URL) throws -> URL {
        guard response.headers.contains(name: "Location") else { return url }
        let next = try location(of: response, to: url)
        guard next.hasSameOrigin(as: url) else {
            throw RegistryClientError.forbiddenRedirect(from: url.withoutQuery, to: next.withoutQuery)
        }
        return next
    }
}

extension RegistryRefusal {
    /// Whether a registry says so of an upload session that it has no more, or of one that it can't be asked about.
    var meansLostSession: Bool {
        [400, 404, 405, 410, 416, 501].contains(status) || (300..<400).contains(status)
    }
}
