import Glibc
import NIOCore

/// A listener could not be opened.
struct ListenError: Error, CustomStringConvertible {
    let host: String
    let port: Int
    let reason: String

    var description: String {
        "can't listen on \(host.contains(":") ? "[\(host)]" : host):\(port): \(reason)"
    }

    /// Runs a server that listens there; what the system says when it can't is told with the address.
    static func naming(_ host: String, _ port: Int, _ run: () async throws -> Void) async throws {
        do {
            try await run()
        } catch let error as IOError {
            throw ListenError(host: host, port: port, reason: String(cString: strerror(error.errnoCode)))
        } catch let error as SocketAddressError {
            throw ListenError(host: host, port: port, reason: "\(error)")
        }
    }
}
