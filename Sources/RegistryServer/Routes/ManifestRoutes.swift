import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry
import Storage

/// Manifests by tag and by digest (end-3, end-7, end-9).
struct ManifestRoutes: Sendable {
    let registry: Registry
    private let memory = BodyMemory()

    init(registry: Registry) {
        self.registry = registry
    }

    func get(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let manifest = try await acceptedManifest(reference, repository, request, context)
        let answer = try ManifestAnswer(manifest.value, at: reference, for: request.headers)
        var headers = answer.headers
        headers.warn(of: manifest.staleness)
        return Response(
            status: answer.status,
            headers: headers,
            body: answer.hasBody ? ResponseBody(byteBuffer: ByteBuffer(bytes: manifest.bytes)) : ResponseBody()
        )
    }

    func put(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let limit = registry.configuration.maximumManifestSize
        var claimed = 0
        defer { memory.release(claimed) }
        let bytes = try await ReceivedBody(request).collect(upTo: limit) { byteCount in
            try memory.claim(byteCount)
            claimed += byteCount
        }
        guard let bytes else { throw RegistryError.manifestTooLarge(limit: limit) }
        let tags = try Self.tags(of: request)
        let put = try await registry.putManifest(
            bytes,
            contentType: try request.headers[.contentType].map { try MediaType($0) },
            at: reference,
            alsoTagged: tags,
            in: repository,
            if: RequestConditions(request.headers).condition(at: reference),
            as: context.caller
        )
        var headers: HTTPFields = [
            .location: "/v2/\(repository)/manifests/\(put.digest)",
            .dockerContentDigest: put.digest.description,
            .eTag: EntityTags.text(of: put.digest),
        ]
        if let subject = put.subject { headers[.ociSubject] = subject.description }
        for tag in tags { headers.append(HTTPField(name: .ociTag, value: tag.rawValue)) }
        return Response(status: .created, headers: headers)
    }

    func delete(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        try await registry.deleteManifest(
            reference,
            from: repository,
            if: RequestConditions(request.headers).condition(at: reference),
            as: context.caller
        )
        return Response(status: .accepted)
    }
}

extension ManifestRoutes {
    /// The manifest at `reference`; where a tag names an index and the client knows none, its image for linux/amd64.
    private func acceptedManifest(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Served<StoredManifest> {
        let isPull = request.method == .get
        let manifest = try await registry.manifest(reference, in: repository, isPull: isPull, as: context.caller)
        let accepted = AcceptedMediaTypes(request.headers)
        if accepted.includes(manifest.mediaType) { return manifest }
        if case .tag = reference,
            let image = try await registry.defaultImage(
                of: manifest.value,
                in: repository,
                isPull: isPull,
                as: context.caller
            ),
            accepted.includes(image.mediaType)
        {
            return Served(image, staleness: manifest.staleness)
        }
        throw WireError(
            .notFound,
            .manifestUnknown,
            "the manifest is of the type \(manifest.mediaType), which the request's Accept header doesn't include",
            detail: ["accept \(manifest.mediaType), or use a newer client; manifests are never converted here"],
            headers: [.vary: "Accept"]
        )
    }

    /// The `tag` parameters, each once.
    private static func tags(of request: Request) throws -> [Tag] {
        var tags: [Tag] = []
        for (key, value) in request.uri.queryParameters where key == "tag" {
            let tag = try Tag(value)
            if !tags.contains(tag) { tags.append(tag) }
        }
        return tags
    }
}
