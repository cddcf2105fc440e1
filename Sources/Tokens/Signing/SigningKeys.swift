import Access
import ImageSpec
import Synchronization

/// The keys of our own token service.
///
/// A key signs from when it has been published for some time until another follows it, and verifies until its last token
/// has expired. What happens to a key depends on its age alone, so that several servers with one store agree without
/// speaking to each other; that two of them make a key at once does no harm.
package final class SigningKeys: Sendable {
    /// Ages, in seconds.
    package struct Schedule: Sendable {
        /// At which a key is followed by another.
        package var rotation: Int64 = 30 * 86_400
        /// At which a key begins to sign: until then those who keep the published keys have heard of it.
        package var publication: Int64 = 600
        /// How long tokens live at most.
        package var longestToken: Int64 = 3600

        package init() {}

        /// At which a key verifies no longer.
        var end: Int64 { rotation + publication + remainder }

        /// How long a key verifies when another has begun to sign; clocks may differ.
        fileprivate var remainder: Int64 { longestToken + 600 }
    }

    private struct State {
        var keys: [SigningKey] = []
        /// When the store was asked last, in seconds since 1970.
        var loadedAt: Int64?
    }

    /// How often an unknown key may make us look at the store, in seconds: whoever sends tokens can name any key.
    private static let reloadPause: Int64 = 1

    package let schedule: Schedule
    private let algorithm: SigningAlgorithm
    private let store: any SigningKeyStore
    private let now: @Sendable () -> Int64
    /// The keys that hold, the oldest first.
    private let state = Mutex(State())
    private let flight = SingleFlight<Void>()

    /// There are no keys until ``refresh()``.
    ///
    /// - Parameter now: the time, in seconds since 1970.
    package init(
        store: any SigningKeyStore,
        algorithm: SigningAlgorithm = .es256,
        schedule: Schedule = Schedule(),
        now: @escaping @Sendable () -> Int64 = TokenTime.now
    ) {
        self.store = store
        self.algorithm = algorithm
        self.schedule = schedule
        self.now = now
    }

    /// Loads the keys, makes one where the last has served its time, and removes those that are past theirs.
    ///
    /// To be called at the start, and then every minute.
    ///
    /// - Throws: what the store does; the keys stay as they were.
    package func refresh() async throws {
        try await flight.value { [self] in try await load() }
    }

    /// The public keys, as others read them.
    ///
    /// - SeeAlso: RFC 7517, section 5.
    package var published: [UInt8] {
        JSONValue.object(["keys": .array(state.withLock { $0.keys.map(\.published) })]).compactText
    }

    /// The key that signs now.
    func current() throws(TokenError) -> SigningKey {
        let keys = state.withLock { $0.keys }.filter { $0.algorithm == algorithm }
        let latest = now() - schedule.publication
        guard let key = keys.last(where: { $0.createdAt <= latest }) ?? keys.first else { throw .noSigningKey }
        return key
    }

    /// The key that `token` names.
    ///
    /// Another server may have made it just now: then the store is asked for it, now and again.
    func key(for token: CompactToken) async throws(TokenError) -> SigningKey {
        guard let id = token.keyID else { throw .unknownKey(nil) }
        if let key = key(id) { return key }
        let time = now()
        let mayAsk = state.withLock { state in
            if let last = state.loadedAt, (0..<Self.reloadPause).contains(time - last) { return false }
            state.loadedAt = time
            return true
        }
        if mayAsk { try? await refresh() }
        guard let key = key(id) else { throw .unknownKey(id) }
        return key
    }

    private func key(_ id: String) -> SigningKey? {
        state.withLock { state in state.keys.first { $0.id == id } }
    }

    private func load() async throws {
        let stored = try await store.signingKeys()
        let time = now()
        var keys: [SigningKey] = []
        for key in stored {
            // One that a newer Berth has made, say, is none of ours.
            if let key = try? await SigningKey(key) { keys.append(key) }
        }
        if !keys.contains(where: { $0.algorithm == algorithm && time - $0.createdAt < schedule.rotation }) {
            let key = SigningKey.generate(algorithm, at: time)
            try await store.addSigningKey(key)
            keys.append(try await SigningKey(key))
        }
        let (ended, held) = schedule.divided(keys, at: time)
        for key in ended { try await store.removeSigningKey(key.id) }
        state.withLock { state in
            state.keys = held.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) }
            state.loadedAt = time
        }
    }
}

extension SigningKeys.Schedule {
    /// Those of which no token can hold any longer, and the others.
    ///
    /// A key goes only when another one has signed for so long that all of its own tokens have expired: the servers may
    /// have slept through its end.
    fileprivate func divided(_ keys: [SigningKey], at time: Int64) -> (ended: [SigningKey], held: [SigningKey]) {
        let age = { (key: SigningKey) in time - key.createdAt }
        let hasSuccessor = keys.contains { age($0) < end && age($0) >= publication + remainder }
        let isEnded = { (key: SigningKey) in hasSuccessor && age(key) >= end }
        return (keys.filter(isEnded), keys.filter { !isEnded($0) })
    }
}
