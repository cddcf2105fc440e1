import Crypto
import Foundation
import Synchronization

/// What tokens were found to stand for, so that a pull of a hundred requests verifies its token once.
///
/// Only the tokens' hashes are kept. Two generations stand in for an order of use: what is asked for moves to the young
/// one, and when that is full it becomes the old one, whose entries go.
final class TokenMemory<Value: Sendable>: Sendable {
    private struct Entry {
        let value: Value
        let expiresAt: Int64
    }

    private struct State {
        var young: [SHA256Digest: Entry] = [:]
        var old: [SHA256Digest: Entry] = [:]
    }

    private let generationSize: Int
    private let state = Mutex(State())

    /// - Parameter count: how many tokens to remember.
    init(count: Int) {
        generationSize = max(1, count / 2)
    }

    static func key(of token: String) -> SHA256Digest {
        var token = token
        return token.withUTF8 { SHA256.hash(data: UnsafeRawBufferPointer($0)) }
    }

    func value(of key: SHA256Digest, at time: Int64) -> Value? {
        state.withLock { state in
            if let entry = state.young[key] { return entry.expiresAt > time ? entry.value : nil }
            guard let entry = state.old[key], entry.expiresAt > time else { return nil }
            keep(entry, key, &state)
            return entry.value
        }
    }

    func remember(_ value: Value, of key: SHA256Digest, until expiresAt: Int64) {
        state.withLock { keep(Entry(value: value, expiresAt: expiresAt), key, &$0) }
    }

    private func keep(_ entry: Entry, _ key: SHA256Digest, _ state: inout State) {
        if state.young.count >= generationSize {
            state.old = state.young
            state.young = [:]
        }
        state.young[key] = entry
    }
}
