import AsyncHTTPClient
import FoundationEssentials
import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix

extension RegistryClient {
    /// What a failed connection means; a cancelled task's error stays as it is.
    func connectionError(_ error: any Error, to url: URL) -> any Error {
        Self.connectionError(error, to: url)
    }

    static func connectionError(_ error: any Error, to url: URL) -> any Error {
        if Task.isCancelled { return CancellationError() }
        if let error = error as? UploadContentError { return error.underlying }
        if error is RegistryClientError || error is CancellationError { return error }
        let isRefused = isRefusal(error)
        return RegistryClientError.connectionFailed(
            host: (url.host() ?? "?") + (url.port.map { ":\($0)" } ?? ""),
            reason: isRefused ? "the connection was refused" : reason(of: error),
            isTransient: !isRefused && !isPermanent(error)
        )
    }

    private static func isRefusal(_ error: any Error) -> Bool {
        switch error {
        case let error as IOError: error.errnoCode == ECONNREFUSED
        case let error as NIOConnectionError: error.connectionErrors.contains { isRefusal($0.error) }
        default: false
        }
    }

    private static func isPermanent(_ error: any Error) -> Bool {
        if SecurityFailure(error) != nil { return true }
        if let error = error as? NIOConnectionError { return error.connectionErrors.isEmpty }
        // An answer that ends before its stated length is the parser's error too, but it may pass.
        if let error = error as? HTTPParserError { return error != .invalidEOFState }
        return (error as? HTTPClientError).map { permanent.contains($0) } ?? false
    }

    private static let permanent: [HTTPClientError] = [
        .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown, .cancelled, .bodyLengthMismatch,
    ]

    private static func reason(of error: any Error) -> String {
        if (error as? NIOConnectionError)?.connectionErrors.isEmpty == true { return "the name could not be resolved" }
        if error as? HTTPParserError == .invalidEOFState {
            return "it closed the connection in the middle of its answer"
        }
        if let failure = SecurityFailure(error) { return failure.reason }
        return switch error as? HTTPClientError {
        case .connectTimeout: "it could not be reached in time"
        case .readTimeout: "it fell silent"
        case .writeTimeout: "it stopped taking what was sent"
        case .remoteConnectionClosed: "it closed the connection"
        default: "\(error)"
        }
    }
}
