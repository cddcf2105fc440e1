import ImageSpec
import NIOCore
import Storage

extension Registry {
    /// Opens an upload session for a blob in `repository`.
    ///
    /// - Parameter algorithm: what the blob's digest will be made with, when the client says so beforehand.
    /// - Returns: the session, at offset 0.
    /// - Throws: ``RegistryError/repositoryNameTooLong(limit:)``; ``RegistryError/quotaExceeded(_:)`` when a namespace that
    ///   it is in is full.
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing blobs".
    package func startUpload(
        in repository: RepositoryName,
        hashedBy algorithm: DigestAlgorithm = .sha256,
        as caller: Caller
    ) async throws -> UploadSession {
        try await startUpload(in: repository, hashedBy: algorithm, as: caller) {
            try await checkRoom(in: repository)
        }
    }

    private func startUpload(
        in repository: RepositoryName,
        hashedBy algorithm: DigestAlgorithm,
        as caller: Caller,
        checkRoom: () async throws -> Void
    ) async throws -> UploadSession {
        try await requirePush(to: repository, as: caller)
        try await checkWritable(repository)
        try await freeSpace.claim(0)
        try await checkRoom()
        let session = UploadSession(id: UploadID(), repository: repository, hasher: DigestHasher(algorithm))
        try await metadata.addUpload(session)
        return session
    }

    /// The session as it stands: what was received before its offset is safe.
    ///
    /// - Throws: ``RegistryError/uploadUnknown(_:)``.
    package func upload(_ id: UploadID, in repository: RepositoryName, as caller: Caller) async throws -> UploadSession
    {
        try require(.push, on: repository, as: caller)
        guard let session = try await metadata.upload(id, in: repository) else {
            throw RegistryError.uploadUnknown(id)
        }
        return session
    }

    /// Adds `body` to the end of the upload. All of it is on disk when this returns.
    ///
    /// When the body ends early, what came of it is kept: the session's offset tells how far the client got.
    ///
    /// - Parameters:
    ///   - length: how many bytes the client says the body has; nil when it doesn't say.
    ///   - start: the byte that the client says the body begins at; nil when it doesn't say.
    /// - Returns: the session behind the body's last byte.
    /// - Throws: ``RegistryError``, and whatever `body` ended with.
    package func append<Body: AsyncSequence & Sendable>(
        _ body: Body,
        length: Int64? = nil,
        at start: Int64? = nil,
        to id: UploadID,
        in repository: RepositoryName,
        as caller: Caller
    ) async throws -> UploadSession where Body.Element == ByteBuffer {
        try require(.push, on: repository, as: caller)
        return try await activeUploads.writing(to: id) {
            let session = try await upload(id, in: repository, as: caller)
            if let length { try await checkRoom(for: session.offset.addingClamped(length), in: repository) }
            return try await receive(body, at: start, into: session, for: caller)
        }
    }

    /// Adds the rest of the blob, proves its digest and makes it readable in `repository`.
    ///
    /// - Returns: the blob.
    /// - Throws: ``RegistryError/digestMismatch(stated:computed:)``, ``RegistryError/quotaExceeded(_:)``: then nothing of
    ///   the upload stays.
    package func finishUpload<Body: AsyncSequence & Sendable>(
        _ id: UploadID,
        with body: Body,
        length: Int64? = nil,
        at start: Int64? = nil,
        as digest: Digest,
        in repository: RepositoryName,
        as caller: Caller
    ) async throws -> StoredBlob where Body.Element == ByteBuffer {
        try require(.push, on: repository, as: caller)
        return try await activeUploads.writing(to: id) {
            let session = try await upload(id, in: repository, as: caller)
            if let length {
                do {
                    try await checkRoom(for: session.offset.addingClamped(length), of: digest, in: repository)
                } catch let error as RegistryError {
                    await discard(id, for: caller)
                    throw error
                }
            }
            let whole = try await receive(body, at: start, into: session, isLast: true, for: caller)
            return try await commit(whole, as: digest, for: caller)
        }
    }

    /// Receives a whole blob in one go; when that fails nothing of it stays.
    ///
    /// - Throws: as ``finishUpload(_:with:length:at:as:in:as:)``.
    /// - SeeAlso: OCI distribution-spec 1.1, "Single POST".
    package func upload<Body: AsyncSequence & Sendable>(
        _ body: Body,
        length: Int64? = nil,
        as digest: Digest,
        in repository: RepositoryName,
        as caller: Caller
    ) async throws -> StoredBlob where Body.Element == ByteBuffer {
        let session = try await startUpload(in: repository, hashedBy: digest.algorithm, as: caller) {
            try await checkRoom(for: length, of: digest, in: repository)
        }
        do {
            return try await finishUpload(session.id, with: body, as: digest, in: repository, as: caller)
        } catch {
            await discard(session.id, for: caller)
            throw error
        }
    }

    /// Ends an upload session and drops what it received.
    ///
    /// - Throws: ``RegistryError/uploadUnknown(_:)``, ``RegistryError/uploadBusy(_:)``.
    package func cancelUpload(_ id: UploadID, in repository: RepositoryName, as caller: Caller) async throws {
        try require(.push, on: repository, as: caller)
        try await activeUploads.holding(id) {
            _ = try await upload(id, in: repository, as: caller)
            try await blobs.discardUpload(id)
            try await metadata.removeUpload(id)
        }
    }
}

extension Registry {
    /// Takes in `body`; unless it is the last, the session's new offset is durable when this returns.
    private func receive<Body: AsyncSequence & Sendable>(
        _ body: Body,
        at start: Int64?,
        into session: UploadSession,
        isLast: Bool = false,
        for caller: Caller
    ) async throws -> UploadSession where Body.Element == ByteBuffer {
        guard start == nil || start == session.offset else {
            throw RegistryError.uploadOutOfOrder(session.id, offset: session.offset)
        }
        try await freeSpace.claim(0)
        let appender = try await openUpload(session, for: caller)
        let save = { @Sendable (session: UploadSession) async throws -> Void in
            try await appender.synchronize()
            try await metadata.saveUpload(session)
        }
        let pipeline = UploadPipeline(
            appender: appender,
            checkpointInterval: configuration.uploadCheckpointInterval,
            maximumSize: configuration.maximumBlobSize ?? .max,
            freeSpace: freeSpace,
            save: save
        )
        do {
            let (received, interruption) = await pipeline.run(body, into: session)
            // A whole last body needs no saving: its file is synced when it becomes the blob.
            if interruption != nil || !isLast { try await save(received) }
            if let interruption { throw interruption }
            await appender.close()
            return received
        } catch {
            await appender.close()
            throw error
        }
    }

    /// Refuses what can't have room before its bytes come.
    ///
    /// - Throws: ``RegistryError/quotaExceeded(_:)``.
    private func checkRoom(
        for size: Int64? = nil,
        of digest: Digest? = nil,
        in repository: RepositoryName
    ) async throws {
        do {
            try await metadata.checkRoom(for: size, of: digest, in: repository)
        } catch let error as QuotaExceeded {
            throw RegistryError.quotaExceeded(error)
        }
    }

    private func openUpload(_ session: UploadSession, for caller: Caller) async throws -> any UploadAppender {
        do {
            return try await blobs.openUpload(session.id, at: session.offset)
        } catch StorageError.uploadTruncated {
            // Its bytes became a blob just before a crash, or the disk lost them: the client starts anew.
            await discard(session.id, for: caller)
            throw RegistryError.uploadUnknown(session.id)
        }
    }

    private func commit(_ session: UploadSession, as digest: Digest, for caller: Caller) async throws -> StoredBlob {
        let computed =
            session.hasher.algorithm == digest.algorithm
            ? session.hasher.finalize()
            : try await blobs.digestOfUpload(session.id, by: digest.algorithm)
        guard computed == digest else {
            await discard(session.id, for: caller)
            throw RegistryError.digestMismatch(stated: digest, computed: computed)
        }
        let blob = StoredBlob(
            digest: digest,
            size: session.offset,
            location: try await blobs.storeUpload(session.id, as: digest)
        )
        do {
            let winner = try await addBlob(blob, ending: session)
            if winner.location != blob.location { await remove(blob.location, for: caller) }
            return winner
        } catch let error as QuotaExceeded {
            // There is nothing to try again: it goes, and the room with it.
            await remove(blob.location, for: caller)
            await discard(session.id, for: caller)
            throw RegistryError.quotaExceeded(error)
        } catch {
            // The commit may have happened all the same. When even that can't be known the bytes stay where they are:
            // the next start knows whether a row points to them.
            let known: StoredBlob?
            do {
                known = try await knownBlob(digest, in: session.repository)
            } catch _ {
                throw error
            }
            if let known, known.location == blob.location { return known }
            await takeBack(blob, into: session, for: caller)
            throw error
        }
    }

    /// Looks in a task of its own: one whose client has gone could not look any more.
    private func knownBlob(_ digest: Digest, in repository: RepositoryName) async throws -> StoredBlob? {
        try await Task { try await metadata.blob(digest, in: repository) }.value
    }

    /// Makes what could not become a blob an upload again, so that its client need not send it once more.
    private func takeBack(_ blob: StoredBlob, into session: UploadSession, for caller: Caller) async {
        do {
            // The database first: what its failed commit left behind could come true after a crash, until it has
            // committed something else.
            if try await metadata.upload(session.id, in: session.repository) == nil {
                try await metadata.addUpload(session)
            } else {
                try await metadata.saveUpload(session)
            }
            try await blobs.returnToUpload(session.id, from: blob.location)
        } catch {
            caller.logger.warning(
                "an upload could not be kept whole",
                metadata: ["upload": "\(session.id)", "error": "\(error)"]
            )
        }
    }

    /// Makes the blob known, unless its bytes are known at another location and can be read there.
    private func addBlob(_ blob: StoredBlob, ending session: UploadSession) async throws -> StoredBlob {
        let winner = try await metadata.addBlob(blob, to: session.repository, ending: session.id)
        guard winner.location != blob.location else { return winner }
        let size: Int64?
        do {
            size = try await blobs.size(of: winner.location)
        } catch {
            // When even that can't be told, what was stored before stands.
            return winner
        }
        guard size != winner.size else { return winner }
        // What was stored before has been lost; a push mends it, unless another one just has.
        if try await metadata.moveBlob(blob.digest, from: winner.location, to: blob.location) { return blob }
        return try await metadata.blob(blob.digest, in: session.repository) ?? winner
    }

    /// Drops bytes that nobody knows of; should that fail they are litter, and no reason to fail.
    private func remove(_ location: BlobLocation, for caller: Caller) async {
        do {
            try await blobs.remove(location)
        } catch {
            caller.logger.warning("unneeded bytes stay", metadata: ["location": "\(location)", "error": "\(error)"])
        }
    }

    /// Drops an upload on the way out of a failure, which is what the caller is to hear of.
    private func discard(_ id: UploadID, for caller: Caller) async {
        do {
            // The row last: what it names can be dropped again, what it doesn't name is never found.
            try await blobs.discardUpload(id)
            try await metadata.removeUpload(id)
        } catch {
            caller.logger.warning("a failed upload stays", metadata: ["upload": "\(id)", "error": "\(error)"])
        }
    }
}

extension Int64 {
    /// The sum, or the largest number: a client may say what it likes.
    fileprivate func addingClamped(_ other: Int64) -> Int64 {
        let (sum, isTooLarge) = addingReportingOverflow(other)
        return isTooLarge ? .max : sum
    }
}
