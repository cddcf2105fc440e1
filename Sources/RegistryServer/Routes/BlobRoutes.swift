import HTTPTypes
import Hummingbird
import ImageSpec
import Registry
import Storage

/// Blobs' bytes (end-2).
struct BlobRoutes: Sendable {
    let registry: Registry

    func head(
        _ digest: Digest,
        _ repository: RepositoryName,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let blob = try await registry.blob(digest, in: repository, as: context.caller)
        var headers = Self.headers(of: digest)
        headers[.contentLength] = String(blob.size)
        return Response(status: .ok, headers: headers)
    }

    func get(
        _ digest: Digest,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let blob = try await registry.openBlob(digest, in: repository, as: context.caller)
        var headers = Self.headers(of: digest)
        switch ByteRange(request.headers[.range], size: blob.size) {
        case .whole:
            return Response(status: .ok, headers: headers, body: Self.body(blob, 0..<blob.size, context))
        case .part(let range):
            headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(blob.size)"
            return Response(status: .partialContent, headers: headers, body: Self.body(blob, range, context))
        case .unsatisfiable:
            throw WireError(
                .rangeNotSatisfiable,
                .sizeInvalid,
                "the blob has \(blob.size) bytes",
                headers: [.contentRange: "bytes */\(blob.size)"]
            )
        }
    }

    private static func headers(of digest: Digest) -> HTTPFields {
        [
            .contentType: MediaType.octetStream.rawValue,
            .acceptRanges: "bytes",
            .dockerContentDigest: digest.description,
        ]
    }

    private static func body(_ blob: OpenBlob, _ range: Range<Int64>, _ context: RegistryRequestContext) -> ResponseBody
    {
        ResponseBody(contentLength: Int(range.upperBound - range.lowerBound)) { [channel = context.channel] writer in
            var rest = range
            while !rest.isEmpty {
                let part = rest.prefix(Int(SendFile.maximumLength))
                try await channel.triggerUserOutboundEvent(SendFile(blob: blob, range: part)).get()
                rest = part.upperBound..<rest.upperBound
            }
            try await writer.finish(nil)
        }
    }
}
