import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry

/// Manifests by tag and by digest (end-3, end-7, end-9).
struct ManifestRoutes: Sendable {
    let registry: Registry

    func get(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let manifest = try await registry.manifest(reference, in: repository, as: context.caller)
        guard AcceptedMediaTypes(request.headers).includes(manifest.mediaType) else {
            throw WireError(
                .notFound,
                .manifestUnknown,
                "the manifest is of the type \(manifest.mediaType), which the request's Accept header doesn't include"
            )
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: manifest.mediaType.rawValue,
                .dockerContentDigest: manifest.digest.description,
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: manifest.bytes))
        )
    }

    func put(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let limit = registry.configuration.maximumManifestSize
        guard let bytes = try await ReceivedBody(request).collect(upTo: limit) else {
            throw RegistryError.manifestTooLarge(limit: limit)
        }
        let put = try await registry.putManifest(
            bytes,
            contentType: try request.headers[.contentType].map { try MediaType($0) },
            at: reference,
            in: repository,
            as: context.caller
        )
        var headers: HTTPFields = [
            .location: "/v2/\(repository)/manifests/\(put.digest)",
            .dockerContentDigest: put.digest.description,
        ]
        if let subject = put.subject { headers[.ociSubject] = subject.description }
        return Response(status: .created, headers: headers)
    }

    func delete(
        _ reference: ManifestReference,
        _ repository: RepositoryName,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        try await registry.deleteManifest(reference, from: repository, as: context.caller)
        return Response(status: .accepted)
    }
}
