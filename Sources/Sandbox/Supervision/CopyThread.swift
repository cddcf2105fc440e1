import Glibc
import SystemPackage

/// A thread that copies one descriptor to another until either ends.
final class CopyThread {
    private var thread = pthread_t()

    /// - Parameter closing: what is closed when the thread ends.
    init(from source: Int32, to target: Int32, closing: [Int32]) throws {
        let work = Work(source: source, target: target, closing: closing)
        let pointer = Unmanaged.passRetained(work).toOpaque()
        let error = pthread_create(
            &thread,
            nil,
            { pointer in
                guard let pointer else { return nil }
                Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().run()
                return nil
            },
            pointer
        )
        guard error == 0 else {
            Unmanaged<Work>.fromOpaque(pointer).release()
            for descriptor in closing { close(descriptor) }
            throw SandboxError.startFailed(step: "cannot start a thread", subject: "", Errno(rawValue: error))
        }
    }

    /// Waits for the end of the thread.
    func join() {
        pthread_join(thread, nil)
    }

    private final class Work: Sendable {
        private static let chunk = 64 << 10

        let source: Int32
        let target: Int32
        let closing: [Int32]

        init(source: Int32, target: Int32, closing: [Int32]) {
            self.source = source
            self.target = target
            self.closing = closing
        }

        func run() {
            var bytes = [UInt8](repeating: 0, count: Self.chunk)
            while true {
                let count = bytes.withUnsafeMutableBytes { read(source, $0.baseAddress, $0.count) }
                if count < 0, errno == EINTR { continue }
                guard count > 0, write(bytes[..<count]) else { break }
            }
            // Whoever writes to what nobody reads any more is told so by the kernel.
            for descriptor in closing { close(descriptor) }
        }

        private func write(_ bytes: ArraySlice<UInt8>) -> Bool {
            var rest = bytes
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes { Glibc.write(target, $0.baseAddress, $0.count) }
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno == EAGAIN {
                    var descriptor = pollfd(fd: target, events: Int16(POLLOUT), revents: 0)
                    poll(&descriptor, 1, -1)
                } else if errno != EINTR {
                    return false
                }
            }
            return true
        }
    }
}
