import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

extension RegistryClient {
    /// Sees to it that `repository` has a blob: asks first, then mounts or uploads it in one streamed request.
    ///
    /// - Parameters:
    ///   - descriptor: the content's digest and size; the registry checks both.
    ///   - source: another repository of this registry that may have the blob.
    ///   - content: the bytes; iterated anew for each try.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing blobs".
    package func push<Content: AsyncSequence & Sendable>(
        _ descriptor: Descriptor,
        to repository: RepositoryName,
        mountingFrom source: RepositoryName? = nil,
        content: Content
    ) async throws -> BlobPush where Content.Element == ByteBuffer {
        let upload = Upload(descriptor: descriptor, repository: repository, content: UploadContent(base: content))
        return try await configuration.retries.run { attempt in
            // Asked before every try: the answer to the one before may be all that was lost.
            if try await hasBlob(descriptor.digest, in: repository) { return attempt > 1 ? .uploaded : .alreadyThere }
            guard let session = try await openSession(for: descriptor, in: repository, mountingFrom: source) else {
                return .mounted
            }
            do {
                try await put(upload, at: session)
            } catch RegistryClientError.refused(let refusal) where [405, 501].contains(refusal.status) {
                try await patch(upload)
            }
            return .uploaded
        }
    }

    /// Stores a manifest, byte for byte; all that it names must be in the registry.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing Manifests".
    package func push(
        _ manifest: Manifest,
        as reference: ManifestReference,
        to repository: RepositoryName
    ) async throws {
        var request = RegistryRequest(
            method: .PUT,
            url: try url(repository, "manifests/\(reference)"),
            access: .push(repository)
        )
        request.headers.add(name: "Content-Type", value: manifest.mediaType.rawValue)
        request.body = { .bytes(ByteBuffer(bytes: manifest.bytes)) }
        _ = try await send(request, expecting: [201])
    }

    /// Opens an upload session; nil when the blob was mounted instead.
    private func openSession(
        for descriptor: Descriptor,
        in repository: RepositoryName,
        mountingFrom source: RepositoryName?
    ) async throws -> URL? {
        let query = source.map { "mount=\(descriptor.digest)&from=\($0)" }
        let url = try url(repository, "blobs/uploads/", query: query)
        let request = RegistryRequest(method: .POST, url: url, access: .push(repository, mountingFrom: source))
        let response = try await sendOnce(request, expecting: source == nil ? [202] : [201, 202])
        return response.status == .created ? nil : try location(of: response, to: url)
    }

    /// The whole content in the request that closes the session.
    private func put<Content>(_ upload: Upload<Content>, at session: URL) async throws {
        var request = try closingRequest(of: upload, at: session)
        request.headers.add(name: "Content-Type", value: MediaType.octetStream.rawValue)
        request.body = upload.body
        _ = try await sendOnce(request, expecting: [201])
    }

    /// The whole content in a request of its own: for registries that take no content in the closing one.
    private func patch<Content>(_ upload: Upload<Content>) async throws {
        guard var session = try await openSession(for: upload.descriptor, in: upload.repository, mountingFrom: nil)
        else { return }
        if upload.descriptor.size > 0 {
            var request = RegistryRequest(method: .PATCH, url: session, access: .push(upload.repository))
            request.headers.add(name: "Content-Type", value: MediaType.octetStream.rawValue)
            request.headers.add(name: "Content-Range", value: "0-\(upload.descriptor.size - 1)")
            request.body = upload.body
            session = try location(of: try await sendOnce(request, expecting: [202]), to: session)
        }
        _ = try await sendOnce(closingRequest(of: upload, at: session), expecting: [201])
    }

    private func closingRequest<Content>(of upload: Upload<Content>, at session: URL) throws -> RegistryRequest {
        guard let url = session.adding("digest", upload.descriptor.digest) else {
            throw RegistryClientError.invalidResponse(url: session.withoutQuery, reason: "its Location is no address")
        }
        return RegistryRequest(method: .PUT, url: url, access: .push(upload.repository))
    }
}

/// A blob on its way to a repository.
private struct Upload<Base: AsyncSequence & Sendable>: Sendable where Base.Element == ByteBuffer {
    let descriptor: Descriptor
    let repository: RepositoryName
    let content: UploadContent<Base>

    @Sendable func body() -> HTTPClientRequest.Body {
        .stream(content, length: .known(descriptor.size))
    }
}
