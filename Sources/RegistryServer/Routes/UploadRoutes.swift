import HTTPTypes
import Hummingbird
import ImageSpec
import Registry
import Storage

/// Blob upload sessions (end-4a to end-6, end-11, end-13, end-14).
struct UploadRoutes: Sendable {
    let registry: Registry

    /// Opens a session; or mounts, or takes the whole blob at once, when the query says so.
    func start(
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let query = request.uri.queryParameters
        if let digest = query["mount"], !digest.isEmpty,
            try await mount(try Digest(digest), from: query["from"], into: repository, context)
        {
            return Self.created(try Digest(digest), in: repository)
        }
        if let digest = query["digest"] {
            let body = ReceivedBody(request)
            let blob = try await registry.upload(
                body,
                length: body.length,
                as: try Digest(digest),
                in: repository,
                as: context.caller
            )
            return Self.created(blob.digest, in: repository)
        }
        let session = try await registry.startUpload(
            in: repository,
            hashedBy: try Self.algorithm(query["digest-algorithm"]),
            as: context.caller
        )
        var response = Self.answer(.accepted, session)
        let minimum = registry.configuration.minimumChunkLength
        if minimum > 0 { response.headers[.ociChunkMinLength] = String(minimum) }
        return response
    }

    func status(
        _ id: UploadID,
        _ repository: RepositoryName,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        Self.answer(.noContent, try await registry.upload(id, in: repository, as: context.caller))
    }

    func append(
        _ id: UploadID,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let body = ReceivedBody(request)
        let session = try await registry.append(
            body,
            length: body.length,
            at: try Self.start(of: request),
            to: id,
            in: repository,
            as: context.caller
        )
        return Self.answer(.accepted, session)
    }

    func finish(
        _ id: UploadID,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        guard let digest = request.uri.queryParameters["digest"] else {
            throw WireError(.badRequest, .digestInvalid, "the query needs the blob's digest, as in ?digest=sha256:…")
        }
        let body = ReceivedBody(request)
        let blob = try await registry.finishUpload(
            id,
            with: body,
            length: body.length,
            at: try Self.start(of: request),
            as: try Digest(digest),
            in: repository,
            as: context.caller
        )
        return Self.created(blob.digest, in: repository)
    }

    func cancel(
        _ id: UploadID,
        _ repository: RepositoryName,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        try await registry.cancelUpload(id, in: repository, as: context.caller)
        return Response(status: .noContent)
    }

    /// A session's `Range` header: the last byte received. As docker has it, `0-0` also stands for none at all.
    static func receivedRange(_ offset: Int64) -> String { "0-\(max(0, offset - 1))" }
}

extension UploadRoutes {
    /// A source that isn't a name has nothing to mount: the client uploads the blob instead.
    ///
    /// - Parameter source: nil or empty for any repository.
    private func mount(
        _ digest: Digest,
        from source: Substring?,
        into repository: RepositoryName,
        _ context: RegistryRequestContext
    ) async throws -> Bool {
        guard let source, !source.isEmpty else {
            return try await registry.mount(digest, from: nil, into: repository, as: context.caller)
        }
        guard let source = try? RepositoryName(source) else { return false }
        return try await registry.mount(digest, from: source, into: repository, as: context.caller)
    }

    private static func created(_ digest: Digest, in repository: RepositoryName) -> Response {
        Response(
            status: .created,
            headers: [
                .location: "/v2/\(repository)/blobs/\(digest)",
                .dockerContentDigest: digest.description,
            ]
        )
    }

    private static func answer(_ status: HTTPResponse.Status, _ session: UploadSession) -> Response {
        Response(
            status: status,
            headers: [
                .location: "/v2/\(session.repository)/blobs/uploads/\(session.id)",
                .range: receivedRange(session.offset),
                .dockerUploadUUID: session.id.rawValue,
            ]
        )
    }

    private static func algorithm(_ name: Substring?) throws -> DigestAlgorithm {
        guard let name else { return .sha256 }
        guard let algorithm = DigestAlgorithm(rawValue: String(name)) else {
            throw WireError(.badRequest, .digestInvalid, "'\(name.prefix(40))' is not an algorithm that is known here")
        }
        return algorithm
    }

    /// The first byte of a `Content-Range`, which is `<first>-<last>` in this protocol.
    private static func start(of request: Request) throws -> Int64? {
        guard let header = request.headers[.contentRange] else { return nil }
        let bounds = header.split(separator: "-", omittingEmptySubsequences: false).map { Int64($0) }
        guard bounds.count == 2, let first = bounds[0], let last = bounds[1], 0 <= first, first <= last, last < .max
        else {
            throw WireError(.badRequest, .blobUploadInvalid, "Content-Range should be <first byte>-<last byte>")
        }
        if let length = request.headers[.contentLength].flatMap({ Int64($0) }), length != last - first + 1 {
            throw WireError(.badRequest, .sizeInvalid, "Content-Range and Content-Length don't agree")
        }
        return first
    }
}
