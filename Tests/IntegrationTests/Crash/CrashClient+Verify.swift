import ImageSpec
import Testing

extension CrashClient {
    /// Compares what the server has with what it said it has, and goes on with an upload that was cut.
    ///
    /// - Parameter wholly: look at everything; else at what changed since the last time, and at some of the rest.
    mutating func verify(on registry: RunningRegistry, wholly: Bool) async throws {
        try await settleBlobs(registry)
        try await goOn(registry)
        var digests = wholly ? Set(blobs.keys) : touched.intersection(blobs.keys)
        for digest in blobs.keys.sorted(by: { $0.hex < $1.hex }) where generator.happens(1, outOf: 20) {
            digests.insert(digest)
        }
        for digest in digests {
            let reply = try await registry.call(.GET, "/v2/\(repository)/blobs/\(digest)")
            #expect(reply.status == 200, "an acknowledged blob is gone")
            #expect(Digest.of(reply.body) == digest)
        }
        try await verifyManifests(registry, wholly: wholly)
        try await verifyTags(registry)
        touched = []
    }

    private mutating func settleBlobs(_ registry: RunningRegistry) async throws {
        for (digest, content) in doubtfulBlobs {
            let reply = try await registry.call(.GET, "/v2/\(repository)/blobs/\(digest)")
            #expect([200, 404].contains(reply.status))
            guard reply.status == 200 else { continue }
            #expect(Digest.of(reply.body) == digest, "a blob is served that is not whole")
            blobs[digest] = content
        }
        doubtfulBlobs = [:]
    }

    /// Goes on with the upload that was cut, at the offset that the server tells.
    private mutating func goOn(_ registry: RunningRegistry) async throws {
        guard let open = upload else { return }
        upload = nil
        let status = try await registry.call(.GET, open.location)
        if status.status == 404, open.isEnding {
            // It ended, or its bytes were put into place and no row came to name them: the client pushes anew.
            return
        }
        #expect(status.status == 204, "an upload that was cut is gone")
        guard let range = status.headers["range"].first,
            let last = range.split(separator: "-").last.flatMap({ Int($0) })
        else { throw UnexpectedReply(reply: status) }
        // As docker has it, 0-0 is also nothing at all.
        let offset = last == 0 && open.acknowledged == 0 ? 0 : last + 1
        #expect(open.acknowledged <= offset, "acknowledged bytes are gone")
        #expect(offset <= open.sent)
        let bytes = open.content.bytes
        guard offset <= bytes.count else { return }
        let digest = Digest.of(bytes)
        let reply = try await registry.call(.PUT, "\(open.location)?digest=\(digest)", body: Array(bytes[offset...]))
        if reply.status == 404, open.isEnding {
            return
        }
        #expect(reply.status == 201, "\(reply.text)")
        blobs[digest] = open.content
        touched.insert(digest)
    }

    private mutating func verifyManifests(_ registry: RunningRegistry, wholly: Bool) async throws {
        for (digest, possible) in presence where wholly || touched.contains(digest) {
            let reply = try await registry.call(.GET, "/v2/\(repository)/manifests/\(digest)")
            let isThere = reply.status == 200
            #expect(isThere || reply.status == 404)
            #expect(possible.contains(isThere), "the manifest \(digest) is \(isThere ? "there" : "gone")")
            if isThere, let manifest = manifests[digest] { #expect(reply.body.elementsEqual(manifest.bytes)) }
            presence[digest] = [isThere]
        }
    }

    private mutating func verifyTags(_ registry: RunningRegistry) async throws {
        for (tag, possible) in tags {
            let reply = try await registry.call(.GET, "/v2/\(repository)/manifests/\(tag)")
            let digest = reply.status == 200 ? Digest.of(reply.body) : nil
            #expect(reply.status == 200 || reply.status == 404)
            #expect(possible.contains(digest), "the tag '\(tag)' points to \(digest?.description ?? "nothing")")
            if let digest { #expect(presence[digest] == [true]) }
            tags[tag] = [digest]
        }
    }
}
