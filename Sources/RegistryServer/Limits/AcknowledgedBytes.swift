import Glibc
import NIOCore

/// How many bytes a connection's other side has taken, as the kernel knows it: the one measure of a slow reader that
/// also holds for what leaves by sendfile.
enum AcknowledgedBytes {
    /// The start of Linux's `struct tcp_info`, whose sixteenth word is `tcpi_bytes_acked` (since Linux 4.1).
    private struct Words {
        var before:
            (
                UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64,
                UInt64, UInt64
            )
        var acknowledged: UInt64
    }

    /// nil when the connection isn't TCP's, or is gone.
    static func of(_ channel: any Channel) -> EventLoopFuture<UInt64?> {
        guard let provider = channel as? any SocketOptionProvider else {
            return channel.eventLoop.makeSucceededFuture(nil)
        }
        let words: EventLoopFuture<Words> = provider.unsafeGetSocketOption(
            level: SocketOptionLevel(IPPROTO_TCP),
            name: SocketOptionName(TCP_INFO)
        )
        return words.map { $0.acknowledged }.recover { _ in nil }
    }
}
