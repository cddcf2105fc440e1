import Access
import Synchronization

/// Who may do what here, as it stands now.
package final class AccessControl: Sendable {
    /// Protects the policy, which is replaced as a whole.
    private let current: Mutex<AccessPolicy>

    package init(_ policy: AccessPolicy) {
        current = Mutex(policy)
    }

    /// The rules as they are now: take them once for what is to be judged together.
    package var policy: AccessPolicy { current.withLock { $0 } }
}
