import Glibc

/// Copies one descriptor to another until either ends.
func copyAll(from source: Int32, to target: Int32) {
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    while true {
        let count = bytes.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
        if count < 0, errno == EINTR { continue }
        guard count > 0, writeAll(bytes[..<count], to: target) else { return }
    }
}

/// Writes all of `bytes`, waiting where the descriptor doesn't take more at once.
///
/// - Returns: false when nobody is there to take them.
func writeAll(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
        let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        if count >= 0 {
            rest = rest.dropFirst(count)
        } else if errno == EAGAIN {
            var readiness = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            poll(&readiness, 1, -1)
        } else if errno != EINTR {
            return false
        }
    }
    return true
}
