import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

extension RegistryClient {
    /// Fetches a manifest and proves its digest.
    ///
    /// - Throws: ``RegistryClientError``; ``ImageSpecError`` when it is no manifest.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pulling manifests".
    package func manifest(
        _ reference: ManifestReference,
        in repository: RepositoryName
    ) async throws -> ResolvedManifest {
        let url = try url(repository, "manifests/\(reference)")
        return try await configuration.retries.run { _ in
            let response = try await sendOnce(manifestRequest(.GET, url, repository), expecting: [200])
            let bytes = try await collect(response, upTo: configuration.maximumManifestSize, from: url)
            let digest = try Self.proveDigest(of: bytes, reference: reference, response, url)
            let contentType = response.headers.first(name: "Content-Type").flatMap { try? MediaType($0) }
            let known = contentType.flatMap { MediaType.manifests.contains($0) ? $0 : nil }
            return ResolvedManifest(manifest: try Manifest(parsing: bytes, contentType: known), digest: digest)
        }
    }

    /// Asks for a manifest's digest without fetching it; nil when the registry has none, or doesn't tell.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Checking if content exists in the registry".
    package func manifestDigest(
        _ reference: ManifestReference,
        in repository: RepositoryName
    ) async throws -> Digest? {
        try await manifestDescriptor(reference, in: repository)?.digest
    }

    /// Asks for what a manifest is without fetching it; nil when the registry has none, or doesn't tell.
    package func manifestDescriptor(
        _ reference: ManifestReference,
        in repository: RepositoryName
    ) async throws -> Descriptor? {
        let url = try url(repository, "manifests/\(reference)")
        let response = try await send(manifestRequest(.HEAD, url, repository), expecting: [200, 404])
        guard
            response.status == .ok,
            let digest = response.headers.first(name: "Docker-Content-Digest").flatMap({ try? Digest($0) })
        else { return nil }
        let mediaType = response.headers.first(name: "Content-Type").flatMap { try? MediaType($0) }
        let size = response.headers.first(name: "Content-Length").flatMap { Int64($0) }
        return Descriptor(mediaType: mediaType ?? .octetStream, digest: digest, size: max(size ?? 0, 0))
    }

    func manifestRequest(_ method: HTTPMethod, _ url: URL, _ repository: RepositoryName) -> RegistryRequest {
        let accept = MediaType.manifests.map { ("Accept", $0.rawValue) }
        return RegistryRequest(method: method, url: url, headers: HTTPHeaders(accept), access: .pull(repository))
    }

    /// What was asked for by digest must have it; else what the registry itself says must be true.
    private static func proveDigest(
        of bytes: [UInt8],
        reference: ManifestReference,
        _ response: HTTPClientResponse,
        _ url: URL
    ) throws -> Digest {
        var claims = response.headers.first(name: "Docker-Content-Digest").map { [try? Digest($0)] } ?? []
        if case .digest(let digest) = reference { claims.insert(digest, at: 0) }
        for case let claim? in claims {
            let actual = Digest.of(bytes, by: claim.algorithm)
            guard actual == claim else {
                throw RegistryClientError.wrongContent(url: url.withoutQuery, expected: claim, actual: actual)
            }
        }
        return claims.compactMap(\.self).first ?? .of(bytes)
    }

    /// The whole body, when it isn't longer than `limit` bytes.
    func collect(_ response: HTTPClientResponse, upTo limit: Int, from url: URL) async throws -> [UInt8] {
        do {
            let body = try await response.body.collect(upTo: limit)
            return Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw RegistryClientError.tooLarge(url: url.withoutQuery, limit: limit)
        } catch {
            throw connectionError(error, to: url)
        }
    }

    /// Whether the registry has a blob in `repository`.
    package func hasBlob(_ digest: Digest, in repository: RepositoryName) async throws -> Bool {
        try await configuration.retries.run { _ in try await asksForBlob(digest, in: repository) }
    }

    /// As ``hasBlob(_:in:)``, asking once.
    func asksForBlob(_ digest: Digest, in repository: RepositoryName) async throws -> Bool {
        let request = RegistryRequest(
            method: .HEAD,
            url: try url(repository, "blobs/\(digest)"),
            access: .pull(repository)
        )
        return try await sendOnce(request, expecting: [200, 404]).status == .ok
    }

    /// A blob's bytes as they come; the last of them only once the digest is proven.
    ///
    /// A connection that breaks is made again, and goes on from the byte where it broke.
    ///
    /// - Parameters:
    ///   - descriptor: its size and digest must be those of what comes.
    ///   - prefix: the hash over the first bytes, which the caller has already; they are not fetched.
    package func blob(
        _ descriptor: Descriptor,
        in repository: RepositoryName,
        after prefix: BlobPrefix? = nil
    ) throws -> BlobBytes {
        BlobBytes(
            client: self,
            descriptor: descriptor,
            repository: repository,
            url: try url(repository, "blobs/\(descriptor.digest)"),
            range: min(prefix?.length ?? 0, descriptor.size)..<descriptor.size,
            needsRanges: false,
            hasher: prefix?.hasher ?? DigestHasher(descriptor.digest.algorithm)
        )
    }

    /// A blob's bytes from one on, for somebody who proves the digest of the whole.
    ///
    /// With all bytes it is proven here too.
    package func blob(
        _ descriptor: Descriptor,
        in repository: RepositoryName,
        from start: Int64
    ) throws -> BlobBytes {
        guard start > 0 else { return try blob(descriptor, in: repository) }
        return try blob(descriptor, in: repository, min(start, descriptor.size)..<descriptor.size)
    }

    /// Some of a blob's bytes, which prove nothing by themselves.
    ///
    /// A server that knows no ranges sends those behind them, too.
    ///
    /// - Parameter needsRanges: whether such a server is an error, ``RegistryClientError/rangesUnknown(url:)``: else what
    ///   comes before the range is received and dropped.
    package func blob(
        _ descriptor: Descriptor,
        in repository: RepositoryName,
        _ range: Range<Int64>,
        needsRanges: Bool = false
    ) throws -> BlobBytes {
        BlobBytes(
            client: self,
            descriptor: descriptor,
            repository: repository,
            url: try url(repository, "blobs/\(descriptor.digest)"),
            range: range,
            needsRanges: needsRanges,
            hasher: nil
        )
    }

    /// Fetches a blob as fast as it comes: over several connections where that helps.
    ///
    /// - Parameters:
    ///   - prefix: the hash over the first bytes, which the caller has already; they are not fetched.
    ///   - handOn: gets the bytes in their order; they are good only when this returns.
    /// - Throws: ``RegistryClientError``; what `handOn` throws.
    package func fetch(
        _ descriptor: Descriptor,
        in repository: RepositoryName,
        after prefix: BlobPrefix,
        _ handOn: (ByteBuffer) throws -> Void
    ) async throws {
        var fetch = BlobFetch(descriptor, of: repository, from: self, after: prefix)
        try await fetch.run(handOn)
    }
}
