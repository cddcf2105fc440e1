import Access
import Registry
import Synchronization

/// Whom the credential proved that the last request of a connection carried: clients send the same with each.
final class ProvenCredential: Sendable {
    struct Proof: Sendable {
        /// The `Authorization` field, as it came.
        let field: String
        let identity: Identity
        let credential: BasicCredential?
        /// Of the policy that it was judged by: what changes there must hold at once.
        let generation: Int
    }

    /// How long it isn't looked at again: what else ends a credential, such as its time, does so within this.
    private static let time = Duration.seconds(1)

    private let last = Mutex<(proof: Proof, end: ContinuousClock.Instant)?>(nil)

    /// What `field` was found to prove a moment ago, by the policy of `generation`.
    func proof(by field: String, generation: Int) -> Proof? {
        last.withLock { last in
            guard let (proof, end) = last, proof.generation == generation, proof.field == field, .now < end
            else { return nil }
            return proof
        }
    }

    func remember(_ proof: Proof) {
        last.withLock { $0 = (proof, .now + Self.time) }
    }
}
