import Crypto
import ImageSpec
import Synchronization
import Tokens

/// An identity provider whose keys and behaviour a test changes under way.
final class Provider: Sendable {
    enum Behaviour: Sendable {
        case answers
        case fails
        case sends([UInt8])
        /// Until it behaves in another way.
        case hangs
    }

    private struct State {
        var keys: [(id: String, key: P256.Signing.PrivateKey)] = []
        var behaviour = Behaviour.answers
        var fetches: [KeyDocument] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    struct Unreachable: Error {}

    let issuer: String
    private let state = Mutex(State())

    init(issuer: String = "https://ci.test") {
        self.issuer = issuer
        rotate(to: "k1")
    }

    var fetches: [KeyDocument] { state.withLock { $0.fetches } }

    func rotate(to id: String, keeping count: Int = 0) {
        state.withLock { $0.keys = $0.keys.suffix(count) + [(id, P256.Signing.PrivateKey())] }
    }

    func behave(_ behaviour: Behaviour) {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.behaviour = behaviour
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// Its latest key, as a file would have it.
    var publicPEM: String { state.withLock { $0.keys.last?.key.publicKey.pemRepresentation ?? "" } }

    func token(
        _ claims: [String: JSONValue],
        at time: Int64,
        keyID: String? = nil,
        header: [String: JSONValue] = [:]
    ) throws -> String {
        let (id, key) = try state.withLock { state in
            guard let last = state.keys.last else { throw Unreachable() }
            return last
        }
        let usual: [String: JSONValue] = [
            "iss": .string(issuer), "aud": .string("registry.test"), "sub": .string("repo:team/app"),
            "iat": .integer(time), "exp": .integer(time + 600),
        ]
        return try Forge.token(
            header: ["alg": .string("ES256"), "kid": .string(keyID ?? id)].merging(header) { $1 },
            payload: usual.merging(claims) { $1 },
            sign: Forge.signature(by: key)
        )
    }

    @Sendable func fetch(_ document: KeyDocument) async throws -> [UInt8] {
        let behaviour = state.withLock { state in
            state.fetches.append(document)
            return state.behaviour
        }
        switch behaviour {
        case .answers: return try answer(document)
        case .fails: throw Unreachable()
        case .sends(let bytes): return bytes
        case .hangs:
            await withCheckedContinuation { continuation in state.withLock { $0.waiting.append(continuation) } }
            return try answer(document)
        }
    }

    private func answer(_ document: KeyDocument) throws -> [UInt8] {
        switch document {
        case .url("https://ci.test/.well-known/openid-configuration", _):
            return JSONValue.object([
                "issuer": .string("https://ci.test"), "jwks_uri": .string("https://keys.ci.test/jwks"),
            ]).compactText
        case .url("https://keys.ci.test/jwks", _), .file:
            return Forge.keySet(state.withLock { $0.keys.map { Forge.published($0.key, id: $0.id) } })
        default: throw Unreachable()
        }
    }
}
