import HTTPTypes
import ImageSpec
import Storage

/// What a GET or HEAD of a manifest is answered with: a matter of the manifest and the request's headers alone.
struct ManifestAnswer {
    let status: HTTPResponse.Status
    let headers: HTTPFields
    /// Whether the manifest's bytes follow, or would to a GET.
    var hasBody: Bool { status == .ok }

    /// - Parameters:
    ///   - reference: what the client asked for. What a digest names never changes.
    ///   - request: the request's headers.
    /// - Throws: ``WireError`` when the client asks for another manifest by `If-Match`.
    init(_ manifest: StoredManifest, at reference: ManifestReference, for request: HTTPFields) throws(WireError) {
        var headers: HTTPFields = [
            .dockerContentDigest: manifest.digest.description,
            .eTag: EntityTags.text(of: manifest.digest),
            .vary: "Accept",
        ]
        headers[.cacheControl] =
            switch reference {
            case .digest: CacheControl.immutable
            case .tag: CacheControl.revalidated
            }
        switch RequestConditions(request).outcome(for: manifest.digest) {
        case .holds:
            headers[.contentType] = manifest.mediaType.rawValue
            status = .ok
        case .notModified:
            status = .notModified
        case .failed:
            throw WireError.preconditionFailed(current: manifest.digest)
        }
        self.headers = headers
    }
}
