import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry
import Storage

/// Blobs' bytes (end-2, end-10).
struct BlobRoutes: Sendable {
    let registry: Registry

    func head(
        _ digest: Digest,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let size = try await registry.blobSize(digest, in: repository, as: context.caller)
        if let answer = try Self.conditionalAnswer(to: request, digest) { return answer }
        var headers = Self.headers(of: digest)
        headers[.contentLength] = String(size)
        return Response(status: .ok, headers: headers)
    }

    func get(
        _ digest: Digest,
        _ repository: RepositoryName,
        _ request: Request,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        let blob = try await registry.openBlob(digest, in: repository, as: context.caller)
        if let answer = try Self.conditionalAnswer(to: request, digest) { return answer }
        var headers = Self.headers(of: digest)
        let range = RequestConditions(request.headers).allowRange(of: digest) ? request.headers[.range] : nil
        switch ByteRanges(range, size: blob.size) {
        case .whole:
            return Response(status: .ok, headers: headers, body: Self.body(blob, 0..<blob.size, context))
        case .parts(let ranges):
            guard ranges.count > 1 else {
                headers[.contentRange] = "bytes \(ranges[0].lowerBound)-\(ranges[0].upperBound - 1)/\(blob.size)"
                return Response(status: .partialContent, headers: headers, body: Self.body(blob, ranges[0], context))
            }
            let parts = MultipartRanges(ranges, of: blob.size, partType: MediaType.octetStream.rawValue)
            headers[.contentType] = parts.contentType
            return Response(status: .partialContent, headers: headers, body: Self.body(blob, parts, context))
        case .unsatisfiable:
            throw WireError(
                .rangeNotSatisfiable,
                .sizeInvalid,
                "the blob has \(blob.size) bytes",
                headers: [.contentRange: "bytes */\(blob.size)"]
            )
        }
    }

    func delete(
        _ digest: Digest,
        _ repository: RepositoryName,
        _ context: RegistryRequestContext
    ) async throws -> Response {
        try await registry.deleteBlob(digest, from: repository, as: context.caller)
        return Response(status: .accepted)
    }
}

extension BlobRoutes {
    /// The answer to a request whose conditions rule the blob itself out; nil when they don't.
    private static func conditionalAnswer(to request: Request, _ digest: Digest) throws(WireError) -> Response? {
        switch RequestConditions(request.headers).outcome(for: digest) {
        case .holds:
            return nil
        case .notModified:
            var headers = headers(of: digest)
            headers[.contentType] = nil
            return Response(status: .notModified, headers: headers)
        case .failed:
            throw WireError.preconditionFailed(current: digest)
        }
    }

    private static func headers(of digest: Digest) -> HTTPFields {
        [
            .contentType: MediaType.octetStream.rawValue,
            .acceptRanges: "bytes",
            .dockerContentDigest: digest.description,
            .eTag: EntityTags.text(of: digest),
            .cacheControl: CacheControl.immutable,
        ]
    }

    private static func body(
        _ blob: BlobContent,
        _ range: Range<Int64>,
        _ context: RegistryRequestContext
    ) -> ResponseBody {
        ResponseBody(contentLength: Int(range.upperBound - range.lowerBound)) { [channel = context.channel] writer in
            try await send(blob, range, on: channel)
            try await writer.finish(nil)
        }
    }

    private static func body(
        _ blob: BlobContent,
        _ parts: MultipartRanges,
        _ context: RegistryRequestContext
    ) -> ResponseBody {
        ResponseBody(contentLength: parts.contentLength) { [channel = context.channel] writer in
            for range in parts.ranges {
                try await writer.write(parts.head(of: range))
                try await send(blob, range, on: channel)
            }
            try await writer.write(parts.end)
            try await writer.finish(nil)
        }
    }

    /// Sends what is here, and what isn't yet as it comes.
    private static func send(_ blob: BlobContent, _ range: Range<Int64>, on channel: any Channel) async throws {
        var rest = range
        while !rest.isEmpty {
            var part = rest.prefix(Int(SendFile.maximumLength))
            if case .arriving(let arriving) = blob.bytes {
                let end = try await arriving.readable(from: part.lowerBound)
                part = part.lowerBound..<min(part.upperBound, end)
            }
            try await channel.triggerUserOutboundEvent(SendFile(blob: blob.file, range: part)).get()
            blob.noteServed(part.count)
            rest = part.upperBound..<rest.upperBound
        }
    }
}
