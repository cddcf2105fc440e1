import AsyncHTTPClient
import ImageSpec
import NIOCore
import NIOHTTP1

extension RegistryClient {
    /// Sees to it that `repository` has a blob: asks first, then mounts or uploads it.
    ///
    /// An upload that breaks off goes on where the registry says it is; with a memory, also one of another process.
    ///
    /// - Parameters:
    ///   - descriptor: the content's digest and size; the registry checks both.
    ///   - source: another repository of this registry that may have the blob.
    ///   - memory: where the upload session is remembered until the blob is there; nil for the client's own.
    ///   - onBytes: told from time to time how many bytes have been sent, those of before included.
    ///   - content: gives the bytes from the one with this number on, for each try anew.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing blobs".
    package func push<Content: AsyncSequence & Sendable>(
        _ descriptor: Descriptor,
        to repository: RepositoryName,
        mountingFrom source: RepositoryName? = nil,
        remembering memory: (any UploadMemory)? = nil,
        onBytes: @escaping @Sendable (Int64) -> Void = { _ in },
        contentFrom content: @escaping @Sendable (Int64) throws -> Content
    ) async throws -> BlobPush where Content.Element == ByteBuffer {
        let upload = BlobUpload(
            client: self,
            descriptor: descriptor,
            repository: repository,
            source: source,
            memory: memory ?? configuration.uploads,
            onBytes: onBytes,
            content: content
        )
        return try await upload.run()
    }

    /// As the other one, for content that can only be read from its beginning; iterated anew for each try.
    package func push<Content: AsyncSequence & Sendable>(
        _ descriptor: Descriptor,
        to repository: RepositoryName,
        mountingFrom source: RepositoryName? = nil,
        content: Content
    ) async throws -> BlobPush where Content.Element == ByteBuffer {
        try await push(descriptor, to: repository, mountingFrom: source) { start in
            DroppedBytes(base: content, count: start)
        }
    }

    /// Stores a manifest, byte for byte; all that it names must be in the registry.
    ///
    /// - Returns: the subject that the registry lists the manifest under as a referrer, if it does that.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing Manifests".
    @discardableResult
    package func push(
        _ manifest: Manifest,
        as reference: ManifestReference,
        to repository: RepositoryName
    ) async throws -> Digest? {
        var request = RegistryRequest(
            method: .PUT,
            url: try url(repository, "manifests/\(reference)"),
            access: .push(repository)
        )
        request.headers.add(name: "Content-Type", value: manifest.mediaType.rawValue)
        request.body = { .bytes(ByteBuffer(bytes: manifest.bytes)) }
        let response = try await send(request, expecting: [201])
        return response.headers.first(name: "OCI-Subject").flatMap { try? Digest($0) }
    }
}
