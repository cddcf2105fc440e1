import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOCore
import NIOHTTP1

/// A blob on its way to a repository.
///
/// What is large enough goes by PATCH: when the connection breaks, the session is asked how much arrived, and the rest
/// is sent. With a memory, another process can go on too.
struct BlobUpload<Content: AsyncSequence & Sendable>: Sendable where Content.Element == ByteBuffer {
    /// Content below this size goes in the request that closes the session: sending it again costs no more than asking.
    private static var smallestResumable: Int64 { 256 << 10 }
    /// How much is sent at once to a registry that wants chunks, in bytes.
    private static var usualChunk: Int64 { 32 << 20 }
    /// How much of the rest is sent first to a session of before, in bytes: it may still be in use, and then refuses.
    private static var firstChunk: Int64 { 1 << 20 }
    /// The same for a session that was in use a moment ago, or whose process may have died a moment ago.
    private static var firstDoubtfulChunk: Int64 { 64 << 10 }
    /// How often a session may be in use before it is left for a new one; about a second lies between.
    private static var patienceWithSession: Int { 15 }
    /// How often one upload may fail, even if each try brings some bytes.
    private static var maximumAttempts: Int { 100 }

    let client: RegistryClient
    let descriptor: Descriptor
    let repository: RepositoryName
    let source: RepositoryName?
    let memory: (any UploadMemory)?
    let onBytes: @Sendable (Int64) -> Void
    let content: @Sendable (Int64) throws -> Content

    private var target: UploadTarget {
        UploadTarget(registry: client.registry, repository: repository, digest: descriptor.digest)
    }

    func run() async throws -> BlobPush {
        guard let memory, isResumable else { return try await runAlone() }
        return try await memory.withLock(on: target) { try await runAlone() }
    }

    private func runAlone() async throws -> BlobPush {
        let remembered = isResumable ? try rememberedLocation() : nil
        var attempt = Attempt(location: remembered, isDoubtful: remembered != nil)
        while true {
            do {
                let push = try await run(&attempt)
                try memory?.forget(target)
                return push
            } catch let busy as BusySession {
                attempt.count += 1
                attempt.busyAnswers += 1
                attempt.isDoubtful = true
                if attempt.busyAnswers > Self.patienceWithSession { try lose(&attempt) }
                try await Task.sleep(for: busy.pause)
            } catch {
                let pause = client.configuration.retries.delay(
                    after: error,
                    attempt: attempt.failuresInARow + 1,
                    hasBegun: attempt.furthest > 0
                )
                guard attempt.count < Self.maximumAttempts, let pause else { throw error }
                attempt.failuresInARow += 1
                attempt.count += 1
                try await Task.sleep(for: pause)
            }
        }
    }

    private var isResumable: Bool { descriptor.size >= Self.smallestResumable }

    /// What the tries know of each other.
    private struct Attempt {
        /// Where the session is.
        var location: URL?
        /// Whether it is likely that somebody else's bytes still come to the session.
        var isDoubtful: Bool
        /// How many bytes the registry has had at most.
        var furthest: Int64 = 0
        var failuresInARow = 0
        var count = 1
        /// How often the session was in use.
        var busyAnswers = 0
        var hasTriedToMount = false
        /// Whether the registry has refused a PATCH or a PUT with content as something that it doesn't know.
        var withoutPatch = false
        var withoutPut = false
    }

    private func run(_ attempt: inout Attempt) async throws -> BlobPush {
        // Asked before every try: the answer to the one before may be all that was lost.
        if try await client.asksForBlob(descriptor.digest, in: repository) {
            return attempt.count > 1 ? .uploaded : .alreadyThere
        }
        guard var session = try await session(for: &attempt) else { return .mounted }
        let resumed = session.offset
        do {
            if !attempt.withoutPut, resumed == 0, !isResumable || attempt.withoutPatch {
                try await put(at: session)
            } else {
                try await patch(&session, &attempt)
                try await close(session)
            }
        } catch RegistryClientError.refused(let refusal) {
            try recover(from: refusal, resumedAt: resumed, &attempt)
        }
        onBytes(descriptor.size)
        return .uploaded
    }

    /// The session of before, as far as it is; else a new one; nil when the blob was mounted.
    private func session(for attempt: inout Attempt) async throws -> UploadSession? {
        if let location = attempt.location {
            if let resumed = try await client.resumeSession(
                at: location,
                upTo: descriptor.size,
                in: repository
            ) {
                if resumed.offset > attempt.furthest { attempt.failuresInARow = 0 }
                attempt.furthest = max(attempt.furthest, resumed.offset)
                return resumed
            }
            try lose(&attempt)
        }
        let source = attempt.hasTriedToMount ? nil : source
        let session = try await client.openSession(for: descriptor.digest, in: repository, mountingFrom: source)
        attempt.hasTriedToMount = true
        if let session, isResumable, !attempt.withoutPatch { try remember(session, &attempt) }
        return session
    }

    /// The rest of the content, from the session's offset on.
    private func patch(_ session: inout UploadSession, _ attempt: inout Attempt) async throws {
        var isFirst = session.offset > 0
        while session.offset < descriptor.size {
            let left = descriptor.size - session.offset
            let first = attempt.isDoubtful ? Self.firstDoubtfulChunk : Self.firstChunk
            let length = min(left, isFirst ? max(first, session.minimumChunk ?? 0) : chunk(of: session))
            isFirst = false
            let range = session.offset..<session.offset + length
            var request = RegistryRequest(method: .PATCH, url: session.location, access: .push(repository))
            request.headers.add(name: "Content-Type", value: MediaType.octetStream.rawValue)
            request.headers.add(name: "Content-Range", value: "\(range.lowerBound)-\(range.upperBound - 1)")
            request.body = { body(range) }
            let response = try await client.sendOnce(request, expecting: [202, 204])
            let received = UploadSession.offset(in: response.headers) ?? range.upperBound
            // A registry may take less than it was sent, but something.
            session.offset = received > range.lowerBound ? min(received, range.upperBound) : range.upperBound
            attempt.furthest = max(attempt.furthest, session.offset)
            attempt.failuresInARow = 0
            attempt.isDoubtful = false
            session.location = try client.nextLocation(of: response, after: session.location)
            if session.location != attempt.location, isResumable { try remember(session, &attempt) }
        }
    }

    /// How much is sent at once, in bytes: all there is, where nothing speaks against it.
    private func chunk(of session: UploadSession) -> Int64 {
        guard session.isBoundToOffset || session.minimumChunk != nil else { return descriptor.size }
        return max(session.minimumChunk ?? 0, Self.usualChunk)
    }

    /// The whole content in the request that closes the session.
    private func put(at session: UploadSession) async throws {
        var request = try closingRequest(at: session.location)
        request.headers.add(name: "Content-Type", value: MediaType.octetStream.rawValue)
        request.body = { body(0..<descriptor.size) }
        _ = try await client.sendOnce(request, expecting: [201])
    }

    private func close(_ session: UploadSession) async throws {
        _ = try await client.sendOnce(closingRequest(at: session.location), expecting: [201])
    }

    /// What a refusal in the middle of an upload means for the next try.
    ///
    /// - Throws: the refusal, or for what deserves another try ``RegistryClientError/lostUpload(url:reason:)``.
    private func recover(from refusal: RegistryRefusal, resumedAt offset: Int64, _ attempt: inout Attempt) throws {
        let again = RegistryClientError.lostUpload(url: refusal.url, reason: refusal.description)
        switch refusal.status {
        case 405, 501:
            if refusal.method == "PATCH", !attempt.withoutPatch {
                attempt.withoutPatch = true
            } else if refusal.method == "PUT", !attempt.withoutPut {
                attempt.withoutPut = true
            } else {
                throw RegistryClientError.refused(refusal)
            }
            try lose(&attempt)
            throw again
        case 404, 410:
            try lose(&attempt)
            throw again
        case 409:
            if let busy = BusySession(refusal) { throw busy }
            throw RegistryClientError.refused(refusal)
        case 416:
            // It has another number of bytes than it said; it is asked again.
            if attempt.failuresInARow > 1 { try lose(&attempt) }
            throw again
        case 400 where offset > 0:
            // What was there before may not be what this content begins with.
            try lose(&attempt)
            throw again
        default:
            throw RegistryClientError.refused(refusal)
        }
    }

    private func closingRequest(at location: URL) throws -> RegistryRequest {
        guard let url = location.adding("digest", descriptor.digest) else {
            throw RegistryClientError.invalidResponse(url: location.withoutQuery, reason: "its Location is no address")
        }
        return RegistryRequest(method: .PUT, url: url, access: .push(repository))
    }

    private func body(_ range: Range<Int64>) -> HTTPClientRequest.Body {
        .stream(
            UploadContent(open: content, range: range, onBytes: onBytes),
            length: .known(range.upperBound - range.lowerBound)
        )
    }

    // MARK: The memory

    /// Only an address at the registry itself is gone back to: content must not go wherever a file may say.
    private func rememberedLocation() throws -> URL? {
        guard let text = try memory?.session(for: target), let url = URL(string: text) else { return nil }
        guard client.isRegistry(url), url.user() == nil else {
            try memory?.forget(target)
            return nil
        }
        return url
    }

    private func remember(_ session: UploadSession, _ attempt: inout Attempt) throws {
        attempt.location = session.location
        guard client.isRegistry(session.location) else { return }
        try memory?.remember(session.location.absoluteString, for: target)
    }

    private func lose(_ attempt: inout Attempt) throws {
        attempt.location = nil
        try memory?.forget(target)
    }
}
