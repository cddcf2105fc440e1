import ImageSpec

extension Connection {
    /// How a large blob's push went.
    struct PushTimes {
        /// From the first request to the last answer, in seconds.
        let whole: Double
        /// From the blob's last byte to the last answer, in seconds.
        let afterLastByte: Double
    }

    /// How a blob's bytes are sent.
    enum PushStyle: String, CaseIterable {
        /// `POST`, `PATCH` with the bytes, `PUT`: docker's way.
        case patch
        /// `POST`, `PUT` with the bytes: containerd's way.
        case single
    }

    /// Pushes `body` as a blob of `repository`.
    @discardableResult
    func push(_ body: FreshBody, to repository: String, style: PushStyle) throws -> PushTimes {
        let watch = Stopwatch()
        var session = try openUpload(in: repository)
        let lastByte: ContinuousClock.Instant
        switch style {
        case .patch:
            lastByte = try send(body, by: "PATCH", to: session)
            let answer = try receiveHead()
            try discardBody(of: answer)
            guard answer.status == 202 else { throw BenchmarkError("PATCH was answered with \(answer.status)") }
            session = try location(of: answer)
            _ = try request("PUT", Self.closing(session, digest: body.digest), expecting: 201)
        case .single:
            lastByte = try send(body, by: "PUT", to: Self.closing(session, digest: body.digest))
            let answer = try receiveHead()
            try discardBody(of: answer)
            guard answer.status == 201 else { throw BenchmarkError("PUT was answered with \(answer.status)") }
        }
        let end = ContinuousClock.now
        return PushTimes(whole: watch.seconds(until: end), afterLastByte: (end - lastByte) / .seconds(1))
    }

    /// Pushes `bytes` as a blob of `repository`, as containerd does: asks first, then `POST` and `PUT`.
    ///
    /// - Returns: its descriptor, as JSON.
    func push(_ bytes: [UInt8], mediaType: String, to repository: String) throws -> String {
        let digest = Digest.of(bytes)
        _ = try request("HEAD", "/v2/\(repository)/blobs/\(digest)", expecting: 404)
        let session = try openUpload(in: repository)
        _ = try request(
            "PUT",
            Self.closing(session, digest: digest),
            headers: ["Content-Type: application/octet-stream"],
            body: bytes,
            expecting: 201
        )
        return descriptor(of: bytes, digest, mediaType)
    }

    /// Pushes an image of `config` and `layers`, all of which have to be new to the registry.
    ///
    /// - Returns: its manifest.
    @discardableResult
    func pushImage(config: [UInt8], layers: [[UInt8]], to repository: String, tag: String) throws -> [UInt8] {
        let config = try push(config, mediaType: configType, to: repository)
        let layers = try layers.map { try push($0, mediaType: layerType, to: repository) }
        let manifest = imageManifest(config: config, layers: layers)
        try putManifest(manifest, to: repository, tag: tag)
        return manifest
    }

    func putManifest(_ manifest: [UInt8], to repository: String, tag: String) throws {
        _ = try request(
            "PUT",
            "/v2/\(repository)/manifests/\(tag)",
            headers: ["Content-Type: \(manifestType)"],
            body: manifest,
            expecting: 201
        )
    }

    private func openUpload(in repository: String) throws -> String {
        try location(of: request("POST", "/v2/\(repository)/blobs/uploads/", expecting: 202).0)
    }

    private func location(of answer: Answer) throws -> String {
        guard let location = answer.headers["location"] else { throw BenchmarkError("an answer has no Location") }
        guard location.hasPrefix("http://") else { return location }
        return String(location.dropFirst("http://".count).drop { $0 != "/" })
    }

    private static func closing(_ session: String, digest: Digest) -> String {
        "\(session)\(session.contains("?") ? "&" : "?")digest=\(digest)"
    }

    /// - Returns: when the last byte was given to the kernel.
    private func send(_ body: FreshBody, by method: String, to path: String) throws -> ContinuousClock.Instant {
        try send(
            method,
            path,
            headers: ["Content-Type: application/octet-stream"],
            contentLength: body.count
        )
        try send(body.start)
        try body.tail.withUnsafeBytes { try send($0) }
        return .now
    }
}
