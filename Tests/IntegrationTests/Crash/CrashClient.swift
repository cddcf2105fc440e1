import ImageSpec
import NIOHTTP1
import TestSupport

/// A client that pushes and deletes in a repository of its own, and remembers what it was told.
///
/// What a request that was cut may have done is in doubt: then both outcomes are right, until it has been looked at.
struct CrashClient: Sendable {
    /// A blob's content, which is made again from this when it is compared.
    struct Content: Sendable, Hashable {
        let length: Int
        let seed: UInt64

        var bytes: [UInt8] { pseudorandomBytes(length, seed: seed) }
    }

    /// An upload session that a request was cut in.
    struct OpenUpload: Sendable {
        let location: String
        let content: Content
        /// How many bytes the server said it has.
        var acknowledged = 0
        /// How many bytes have been sent in all.
        var sent = 0
        /// Whether the request that was cut was to end it.
        var isEnding = false
    }

    let repository: String
    var generator: SeededGenerator
    /// Those that the server said it has.
    var blobs: [Digest: Content] = [:]
    /// Those that it may have.
    var doubtfulBlobs: [Digest: Content] = [:]
    var manifests: [Digest: Manifest] = [:]
    /// Whether a manifest is there: both when it is in doubt.
    var presence: [Digest: Set<Bool>] = [:]
    /// What a tag points to, nil for nothing: several when it is in doubt.
    var tags: [String: Set<Digest?>] = [:]
    var upload: OpenUpload?
    /// What changed since all was looked at the last time.
    var touched: Set<Digest> = []
    var acknowledgedCount = 0

    init(repository: String, seed: UInt64) {
        self.repository = repository
        generator = SeededGenerator(seed: seed)
    }

    /// Pushes and deletes until the server is gone.
    mutating func load(_ registry: RunningRegistry) async throws {
        do {
            while true {
                switch Int.random(in: 0..<10, using: &generator) {
                case 0...1: try await pushWhole(registry)
                case 2...3: try await pushInOneRequest(registry)
                case 4...5: try await pushInChunks(registry)
                case 6...8: try await pushManifest(registry)
                default: try await delete(registry)
                }
                acknowledgedCount += 1
            }
        } catch let reply as UnexpectedReply {
            throw reply
        } catch {
            // The connection broke because the server was killed, and for nothing else.
            if Task.isCancelled { return }
            let end = try? await poll(within: .seconds(5)) { registry.process.status }
            if end == nil, !Task.isCancelled { throw error }
        }
    }

    private mutating func newContent() -> Content {
        let limit = [100, 5_000, 60_000, 400_000, 2_000_000].randomElement(using: &generator) ?? 100
        return Content(length: Int.random(in: 1...limit, using: &generator), seed: generator.next())
    }

    private mutating func pushWhole(_ registry: RunningRegistry) async throws {
        let content = newContent()
        let bytes = content.bytes
        let digest = Digest.of(bytes)
        let location = try await registry.startUpload(in: repository)
        doubtfulBlobs[digest] = content
        upload = OpenUpload(location: location, content: content, sent: content.length, isEnding: true)
        try await expect(201, registry.call(.PUT, "\(location)?digest=\(digest)", body: bytes))
        acknowledge(digest, content)
    }

    private mutating func pushInOneRequest(_ registry: RunningRegistry) async throws {
        let content = newContent()
        let bytes = content.bytes
        let digest = Digest.of(bytes)
        doubtfulBlobs[digest] = content
        let path = "/v2/\(repository)/blobs/uploads/?digest=\(digest)"
        try await expect(201, registry.call(.POST, path, body: bytes))
        acknowledge(digest, content)
    }

    private mutating func pushInChunks(_ registry: RunningRegistry) async throws {
        let content = newContent()
        var open = OpenUpload(location: try await registry.startUpload(in: repository), content: content)
        let bytes = content.bytes
        let chunkLength = max(1, bytes.count / Int.random(in: 1...5, using: &generator))
        while open.acknowledged < bytes.count {
            let range = open.acknowledged..<min(bytes.count, open.acknowledged + chunkLength)
            open.sent = range.upperBound
            upload = open
            let headers: HTTPHeaders = ["content-range": "\(range.lowerBound)-\(range.upperBound - 1)"]
            try await expect(
                202,
                registry.call(.PATCH, open.location, headers: headers, body: Array(bytes[range]))
            )
            open.acknowledged = range.upperBound
            upload = open
        }
        if generator.happens(1, outOf: 10) {
            // It stays, as when the client has gone, and is gone on with after the next crash, or never.
            return
        }
        try await finish(open, with: [], registry)
    }

    /// Ends an upload with the bytes that are missing.
    mutating func finish(_ open: OpenUpload, with rest: [UInt8], _ registry: RunningRegistry) async throws {
        let digest = Digest.of(open.content.bytes)
        doubtfulBlobs[digest] = open.content
        var open = open
        open.sent = open.content.length
        open.isEnding = true
        upload = open
        try await expect(201, registry.call(.PUT, "\(open.location)?digest=\(digest)", body: rest))
        acknowledge(digest, open.content)
    }

    private mutating func acknowledge(_ digest: Digest, _ content: Content) {
        doubtfulBlobs[digest] = nil
        blobs[digest] = content
        touched.insert(digest)
        upload = nil
    }

    private mutating func pushManifest(_ registry: RunningRegistry) async throws {
        guard blobs.count > 1 else { return try await pushInOneRequest(registry) }
        let known = blobs.sorted { $0.key.hex < $1.key.hex }
        let layers = (0..<Int.random(in: 1...3, using: &generator)).compactMap { _ in
            known.randomElement(using: &generator)
        }
        guard let config = known.randomElement(using: &generator) else { return }
        let manifest = try Manifest(
            ImageManifest(
                config: Descriptor(mediaType: .ociConfig, digest: config.key, size: Int64(config.value.length)),
                layers: layers.map { Descriptor(mediaType: .ociLayer, digest: $0.key, size: Int64($0.value.length)) }
            )
        )
        let digest = manifest.digest()
        manifests[digest] = manifest
        touched.insert(digest)
        presence[digest, default: [false]].insert(true)
        if generator.happens(1, outOf: 4) {
            try await expect(201, registry.put(manifest, to: repository, at: digest.description))
        } else {
            let tag = "t\(Int.random(in: 0..<6, using: &generator))"
            tags[tag, default: [nil]].insert(digest)
            try await expect(201, registry.put(manifest, to: repository, at: tag))
            tags[tag] = [digest]
        }
        presence[digest] = [true]
    }

    private mutating func delete(_ registry: RunningRegistry) async throws {
        if generator.happens(1, outOf: 2) {
            let known = tags.filter { $0.value.count == 1 && !$0.value.contains(nil) }.keys.sorted()
            guard let tag = known.randomElement(using: &generator) else { return }
            tags[tag]?.insert(nil)
            try await expect(202, registry.call(.DELETE, "/v2/\(repository)/manifests/\(tag)"))
            tags[tag] = [nil]
        } else {
            let known = presence.filter { $0.value == [true] }.keys.sorted { $0.hex < $1.hex }
            guard let digest = known.randomElement(using: &generator) else { return }
            let pointing = tags.filter { $0.value.contains(digest) }.keys
            presence[digest] = [true, false]
            touched.insert(digest)
            for tag in pointing { tags[tag]?.insert(nil) }
            try await expect(202, registry.call(.DELETE, "/v2/\(repository)/manifests/\(digest)"))
            presence[digest] = [false]
            for tag in pointing { tags[tag] = [nil] }
        }
    }

    private func expect(_ status: Int, _ reply: Reply) throws {
        guard reply.status == status else { throw UnexpectedReply(reply: reply) }
    }
}
