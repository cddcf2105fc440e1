import ImageSpec
import NIOCore
import RegistryClient

extension DownloadRun {
    /// Fetches one part of the blob from one endpoint, over one connection at a time.
    ///
    /// - Throws: ``RegistryClientError``; what writing fails with.
    func fetch(_ assignment: DownloadPlan.Assignment, from source: UpstreamSource) async throws {
        let began = ContinuousClock.now
        var count: Int64 = 0
        do {
            try await source.endpoint.admitRequest()
            try await receive(assignment, from: source) { count += $0 }
            source.update { record in
                record.succeeded()
                record.measured(count, in: .now - began)
            }
        } catch RegistryClientError.rangesUnknown {
            // The next one from there gets all of it.
            source.update { record in
                record.knowsRanges = false
                record.succeeded()
            }
        } catch {
            if error is RegistryClientError || error is CancellationError {
                source.note(error)
            } else {
                // Our own disk's failure says nothing of the endpoint; but it is no more on trial.
                source.update { $0.abandoned() }
            }
            throw error
        }
    }

    private func receive(
        _ assignment: DownloadPlan.Assignment,
        from source: UpstreamSource,
        onBytes: (Int64) -> Void
    ) async throws {
        let descriptor = Descriptor(mediaType: .octetStream, digest: download.digest, size: download.size)
        let isAlone = source.current.knowsRanges == false || download.size < policy.smallestSplit
        let bytes = try source.endpoint.client.blob(
            descriptor,
            in: remote,
            assignment.position..<assignment.end,
            needsRanges: assignment.position > 0 && !isAlone
        )
        var unnoted: Int64 = 0
        for try await buffer in bytes {
            counters.upstreamBytes.add(buffer.readableBytes)
            try await source.endpoint.admit(buffer.readableBytes)
            try await freeSpace.claim(buffer.readableBytes)
            let kept = download.update { $0.plan.accept(assignment.id, count: Int64(buffer.readableBytes)) }
            guard kept > 0 else { return }
            var part = buffer
            let position = download.read { $0.plan.assignments[assignment.id]?.position }
            guard let position, let slice = part.readSlice(length: Int(kept)) else { return }
            try await judge(slice, at: position)
            try await partial.write(slice, at: position)
            let goesOn = download.update { $0.plan.arrived(assignment.id, count: kept) }
            onBytes(kept)
            unnoted += kept
            if unnoted >= policy.noteInterval {
                unnoted = 0
                try await note()
            }
            guard goesOn, part.readableBytes == 0 else { break }
        }
        try await note()
    }

    /// Compares what comes from a trusted source with what came before in its place, when that proved wrong as a whole.
    private func judge(_ bytes: ByteBuffer, at position: Int64) async throws {
        let suspects = download.read { $0.suspects }
        guard !suspects.isEmpty else { return }
        let before = try await partial.read(position..<position + Int64(bytes.readableBytes))
        guard before != bytes else { return }
        let difference = zip(before.readableBytesView, bytes.readableBytesView).enumerated().first { $1.0 != $1.1 }
        let place = position + Int64(difference?.offset ?? 0)
        guard let liar = suspects.first(where: { $0.value.end(from: place) > place })?.key else { return }
        let source = upstream.sources[liar]
        let isNew = source.update { record in
            defer { record.lied() }
            return !record.hasLied
        }
        guard isNew else { return }
        logger.warning(
            "an endpoint sends wrong bytes and is asked no more",
            metadata: ["endpoint": "\(source.endpoint.name)", "digest": "\(download.digest)", "byte": "\(place)"]
        )
    }

    /// Keeps beside the bytes which of them are here.
    private func note() async throws {
        let present = download.update { state -> ByteRangeSet? in
            // Whoever is at it is about to note nearly the same.
            guard !state.isNoting else { return nil }
            state.isNoting = true
            return state.plan.present
        }
        guard let present else { return }
        defer { download.update { $0.isNoting = false } }
        try await partial.saveProgress(
            DownloadProgress(repository: repository, size: download.size, present: present).bytes
        )
    }
}
