import NIOCore
import Synchronization

/// Collects where the listeners of a server listen, until all of them do.
final class ListeningAddresses: Sendable {
    private let addresses: Mutex<[SocketAddress?]>
    private let whenAll: @Sendable ([SocketAddress]) -> Void

    init(count: Int, whenAll: @escaping @Sendable ([SocketAddress]) -> Void) {
        addresses = Mutex(Array(repeating: nil, count: count))
        self.whenAll = whenAll
    }

    func add(_ address: SocketAddress, at index: Int) {
        let known = addresses.withLock { addresses in
            addresses[index] = address
            return addresses.compactMap { $0 }.count == addresses.count ? addresses.compactMap { $0 } : nil
        }
        if let known { whenAll(known) }
    }
}
