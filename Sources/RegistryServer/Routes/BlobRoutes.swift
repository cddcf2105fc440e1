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
            try await send(blob, range, on: channel, by: &writer)
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
                try await send(blob, range, on: channel, by: &writer)
            }
            try await writer.write(parts.end)
            try await writer.finish(nil)
        }
    }

    /// Sends what is here, and what isn't yet as it comes.
    private static func send(
        _ blob: BlobContent,
        _ range: Range<Int64>,
        on channel: any Channel,
        by writer: inout any ResponseBodyWriter
    ) async throws {
        switch blob.bytes {
        case .stored(let file):
            try await send(blob, file, range, on: channel) { _ in blob.size }
        case .arriving(let arriving):
            try await send(blob, arriving.file, range, on: channel) { try await arriving.readable(from: $0) }
        case .passing(let passing):
            try await passing.read(range) { bytes in
                try await writer.write(bytes)
                blob.noteServed(bytes.readableBytes)
            }
        }
    }

    /// - Parameter end: waits until there are bytes from an offset on, and tells where they end.
    private static func send(
        _ blob: BlobContent,
        _ file: OpenBlob,
        _ range: Range<Int64>,
        on channel: any Channel,
        upTo end: (Int64) async throws -> Int64
    ) async throws {
        var rest = range
        while !rest.isEmpty {
            let longest = rest.prefix(Int(SendFile.maximumLength))
            let part = rest.lowerBound..<min(longest.upperBound, try await end(rest.lowerBound))
            try await channel.triggerUserOutboundEvent(SendFile(blob: file, range: part)).get()
            blob.noteServed(part.count)
            rest = part.upperBound..<rest.upperBound
        }
    }
}
