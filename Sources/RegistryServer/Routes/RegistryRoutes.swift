import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry
import Storage

/// Leads each request to what answers it.
struct RegistryRoutes: Sendable {
    private let blobs: BlobRoutes
    private let catalog: CatalogRoutes
    private let manifests: ManifestRoutes
    private let referrers: ReferrerRoutes
    private let tags: TagRoutes
    private let uploads: UploadRoutes
    private let registry: Registry
    private let maximumURILength: Int
    let authentication: Authentication
    private let authenticator: RequestAuthenticator
    private let requestLimits: RequestLimits

    /// - Parameter maximumURILength: in bytes; a longer one is refused.
    init(
        registry: Registry,
        authentication: Authentication,
        requestLimits: RequestLimits,
        maximumURILength: Int
    ) {
        self.authentication = authentication
        self.requestLimits = requestLimits
        authenticator = RequestAuthenticator(access: registry.access, authentication: authentication)
        self.maximumURILength = maximumURILength
        self.registry = registry
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
        let named = try path(of: request)
        let path = try await named.renamed { name in
            try await registry.repository(
                name,
                namespace: request.uri.queryParameters["ns"].map(String.init),
                isRead: request.method == .get || request.method == .head
            )
        }
        var context = context
        if request.method == .options { return Response(status: .noContent, headers: [.allow: path.allowedMethods]) }
        await authenticator.identify(
            &context,
            by: request.headers,
            from: context.clientAddress,
            forCatalog: path == .catalog
        )
        if let name = context.identity.name { try requestLimits.admit(account: name) }
        do {
            return try await answer(to: request, for: path, context)
        } catch RegistryError.loginRequired(let scope) {
            // The client is asked for what it named, whatever that is called here.
            throw loginRequired(scope, named, request, context)
        }
    }

    private func answer(
        to request: Request,
        for path: RegistryPath,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let response =
            switch path {
            case .version: try version(request, context)
            case .catalog: try await catalog(request, context)
            case .blob(let name, let digest): try await blob(digest, name, request, context)
            case .uploads(let name): try await uploads(name, request, context)
            case .upload(let name, let id): try await upload(id, name, request, context)
            case .manifest(let name, let reference): try await manifest(reference, name, request, context)
            case .tags(let name): try await tags(name, request, context)
            case .referrers(let name, let digest): try await referrers(digest, name, request, context)
            }
        guard let response else {
            throw WireError(
                .methodNotAllowed,
                .unsupported,
                "\(request.method) is not for this endpoint",
                headers: [.allow: path.allowedMethods]
            )
        }
        return response
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
}

/// What answers each kind of path; nil for a method that isn't for it.
extension RegistryRoutes {
    /// Docker decides by this alone whether and how it proves who its user is: whoever hasn't is asked to.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Determining Support" (end-1).
    private func version(_ request: Request, _ context: RegistryRequestContext) throws -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        if context.identity == .anonymous, !mayBeAnybody(context) {
            throw loginRequired(nil, .version, request, context)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "application/json"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: "{}"))
        )
    }

    /// Whether somebody whom nobody here knows has the registry's leave to go on.
    ///
    /// Where an upstream judges its readers docker has to be asked for their password here, for it asks its user by this
    /// endpoint alone; that the password is right only the upstream can tell, when something of its is wanted.
    private func mayBeAnybody(_ context: RegistryRequestContext) -> Bool {
        guard authentication.scheme == .basic, registry.hasJudgingUpstreams else {
            return registry.access.policy.isOpen
        }
        return context.credential != nil
    }

    private func catalog(_ request: Request, _ context: RegistryRequestContext) async throws -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        return try await catalog.list(request, context)
    }

    private func blob(
        _ digest: Digest,
        _ name: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response? {
        switch request.method {
        case .get: try await blobs.get(digest, name, request, context)
        case .head: try await blobs.head(digest, name, request, context)
        case .delete: try await blobs.delete(digest, name, context)
        default: nil
        }
    }

    private func uploads(
        _ name: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response? {
        guard request.method == .post else { return nil }
        return try await uploads.start(name, request, context)
    }

    private func upload(
        _ id: UploadID,
        _ name: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response? {
        switch request.method {
        case .get, .head: try await uploads.status(id, name, context)
        case .patch: try await uploads.append(id, name, request, context)
        case .put: try await uploads.finish(id, name, request, context)
        case .delete: try await uploads.cancel(id, name, context)
        default: nil
        }
    }

    private func manifest(
        _ reference: ManifestReference,
        _ name: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response? {
        switch request.method {
        case .get, .head: try await manifests.get(reference, name, request, context)
        case .put: try await manifests.put(reference, name, request, context)
        case .delete: try await manifests.delete(reference, name, request, context)
        default: nil
        }
    }

    private func tags(
        _ name: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        return try await tags.list(name, request, context)
    }

    private func referrers(
        _ digest: Digest,
        _ name: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response? {
        guard request.method == .get || request.method == .head else { return nil }
        return try await referrers.list(digest, name, request, context)
    }
}
