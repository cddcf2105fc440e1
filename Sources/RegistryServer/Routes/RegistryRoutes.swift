import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry

/// Leads each request to what answers it.
struct RegistryRoutes: Sendable {
    private let blobs: BlobRoutes
    private let catalog: CatalogRoutes
    private let manifests: ManifestRoutes
    private let referrers: ReferrerRoutes
    private let tags: TagRoutes
    private let uploads: UploadRoutes
    private let maximumURILength: Int

    /// - Parameter maximumURILength: in bytes; a longer one is refused.
    init(registry: Registry, maximumURILength: Int) {
        self.maximumURILength = maximumURILength
        blobs = BlobRoutes(registry: registry)
        catalog = CatalogRoutes(registry: registry)
        manifests = ManifestRoutes(registry: registry)
        referrers = ReferrerRoutes(registry: registry)
        tags = TagRoutes(registry: registry)
        uploads = UploadRoutes(registry: registry)
    }

    @Sendable func respond(to request: Request, context: RegistryRequestContext) async throws -> Response {
        guard request.uri.string.utf8.count <= maximumURILength else {
            throw WireError(
                .uriTooLong,
                .unsupported,
                "the request's address has more than the \(maximumURILength) bytes that are accepted here",
                detail: ["push a manifest with fewer tags at once"]
            )
        }
        let path = try path(of: request)
        switch (path, request.method) {
        case (_, .options):
            return Response(status: .noContent, headers: [.allow: path.allowedMethods])

        case (.version, .get), (.version, .head): return version
        case (.catalog, .get), (.catalog, .head): return try await catalog.list(request, context)

        case (.blob(let name, let digest), .get): return try await blobs.get(digest, name, request, context)
        case (.blob(let name, let digest), .head): return try await blobs.head(digest, name, request, context)
        case (.blob(let name, let digest), .delete): return try await blobs.delete(digest, name, context)

        case (.uploads(let name), .post): return try await uploads.start(name, request, context)
        case (.upload(let name, let id), .get), (.upload(let name, let id), .head):
            return try await uploads.status(id, name, context)
        case (.upload(let name, let id), .patch): return try await uploads.append(id, name, request, context)
        case (.upload(let name, let id), .put): return try await uploads.finish(id, name, request, context)
        case (.upload(let name, let id), .delete): return try await uploads.cancel(id, name, context)

        case (.manifest(let name, let reference), .get), (.manifest(let name, let reference), .head):
            return try await manifests.get(reference, name, request, context)
        case (.manifest(let name, let reference), .put):
            return try await manifests.put(reference, name, request, context)
        case (.manifest(let name, let reference), .delete):
            return try await manifests.delete(reference, name, request, context)

        case (.tags(let name), .get), (.tags(let name), .head): return try await tags.list(name, request, context)

        case (.referrers(let name, let digest), .get), (.referrers(let name, let digest), .head):
            return try await referrers.list(digest, name, request, context)

        default:
            throw WireError(
                .methodNotAllowed,
                .unsupported,
                "\(request.method) is not for this endpoint",
                headers: [.allow: path.allowedMethods]
            )
        }
    }

    private func path(of request: Request) throws -> RegistryPath {
        do {
            if let path = try RegistryPath(request.uri.path) { return path }
        } catch let error as ImageSpecError {
            // Who asks for a manifest by what can't be a tag asks for one that isn't there.
            guard case .invalidTag = error, request.method != .put else { throw error }
            throw WireError(.notFound, .manifestUnknown, error.description)
        }
        throw WireError(.notFound, .unsupported, "there is no such endpoint")
    }

    /// - SeeAlso: OCI distribution-spec 1.1, "Determining Support" (end-1).
    private var version: Response {
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "{}"))
        )
    }
}
