import ImageSpec
import RegistryClient
import Synchronization

/// Who may read the repositories of upstreams that decide that themselves: asked with the reader's own credential, and
/// remembered for a while.
///
/// What is remembered is a keyed hash of the credential and the repository: nothing that leaves the memory would tell
/// anybody a password.
final class UpstreamAuthorization: Sendable {
    /// What a reader asks for, by which the upstream is asked whether they may.
    enum Subject: Sendable, Hashable {
        case manifest(ManifestReference)
        case blob(Digest)
        /// All that there is, such as its tags.
        case repository
    }

    enum Answer: Sendable, Equatable {
        case allowed
        /// The upstream wants a login, or another.
        case refused
        /// The upstream says that there is no such thing: it may be that there is none for this reader.
        case missing
    }

    /// What one is asked for may be missing where another isn't: only the same question has the same answer.
    private struct Question: Hashable {
        let key: Digest
        let subject: Subject
    }

    private struct Known {
        let answer: Answer
        let until: ContinuousClock.Instant
    }

    /// How long a reader who was let in stays in.
    private static let allowedTime = Duration.seconds(60)
    /// How long one who was refused is refused without the upstream being asked.
    private static let refusedTime = Duration.seconds(5)
    private static let maximumCount = 100_000

    private let salt = (0..<4).map { _ in UInt64.random(in: 0 ... .max) }
    private let known = Mutex<[Digest: Known]>([:])
    private let asking = SharedWork<Question, Answer>()

    /// Whether the upstream lets the holder of `credential` read what they ask for.
    ///
    /// - Throws: ``UpstreamFailure`` when it can't be asked.
    func answer(
        to credential: BasicCredential,
        for subject: Subject,
        in repository: CachedRepository
    ) async throws -> Answer {
        let key = key(credential, repository.name)
        if let known = known.withLock({ $0[key] }), known.until > .now { return known.answer }
        let answer = try await asking.value(for: Question(key: key, subject: subject)) {
            try await Self.ask(credential, subject, repository)
        }
        guard let answer else { throw CancellationError() }
        // That one thing is missing says nothing of the others.
        if answer != .missing { remember(answer, for: key) }
        return answer
    }

    private func remember(_ answer: Answer, for key: Digest) {
        let time = answer == .allowed ? Self.allowedTime : Self.refusedTime
        known.withLock { known in
            if known.count >= Self.maximumCount { known.removeAll() }
            known[key] = Known(answer: answer, until: .now + time)
        }
    }

    private func key(_ credential: BasicCredential, _ repository: RepositoryName) -> Digest {
        let parts = [repository.rawValue, credential.username, credential.password]
        let text = salt.map { "\($0)" }.joined(separator: ".") + parts.map { "/\($0.utf8.count):\($0)" }.joined()
        return Digest.of(Array(text.utf8))
    }

    private static func ask(
        _ credential: BasicCredential,
        _ subject: Subject,
        _ repository: CachedRepository
    ) async throws -> Answer {
        let known = try await repository.metadata.tags(in: repository.name, after: nil, limit: 1)?.first
        do {
            let found = try await repository.upstream.ask(trusted: true, as: credential) { client -> Bool? in
                switch subject {
                case .manifest(let reference):
                    try await client.presence(of: reference, in: repository.remote) == .missing ? nil : true
                case .blob(let digest):
                    try await client.blobSize(digest, in: repository.remote).map { _ in true }
                case .repository:
                    if let known {
                        try await client.presence(of: .tag(known), in: repository.remote) == .missing ? nil : true
                    } else {
                        try await client.tags(of: repository.remote).isEmpty ? nil : true
                    }
                }
            }
            return found == true ? .allowed : .missing
        } catch let failure as UpstreamFailure where failure.kind == .refused {
            return .refused
        }
    }

    func end() async {
        await asking.end()
    }
}
