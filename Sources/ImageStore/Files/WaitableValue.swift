import Glibc

/// A value that several threads change, and wait for each other to change.
///
/// For threads that may block: never for one that runs tasks.
final class WaitableValue<State>: @unchecked Sendable {
    // The state is only touched while the lock is held.
    private var state: State
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init(_ state: State) {
        self.state = state
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
    }

    /// Changes the state, and wakes all that wait.
    func update<Value>(_ body: (inout State) -> Value) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        defer { pthread_cond_broadcast(change) }
        return body(&state)
    }

    /// Waits until the state gives a value.
    func wait<Value>(for body: (State) -> Value?) -> Value {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let value = body(state) { return value }
            pthread_cond_wait(change, lock)
        }
    }
}
