import ImageSpec
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server that answers as a test tells it to: what no honest registry would do.
final class ScriptedRegistry: Sendable {
    typealias Script = @Sendable (ScriptedRequest) -> ScriptedAnswer

    /// 127.0.0.1 and its port.
    let host: RegistryHost
    let port: Int
    private let log: RequestLog

    private init(port: Int, log: RequestLog) throws {
        self.port = port
        host = try RegistryHost("127.0.0.1:\(port)")
        self.log = log
    }

    /// All that was asked so far.
    var requests: [ScriptedRequest] { log.all }

    /// Runs `body` beside a server that answers by `script`.
    @discardableResult
    static func use<Result: Sendable>(
        _ script: @escaping Script,
        _ body: @Sendable (ScriptedRegistry) async throws -> Result
    ) async throws -> Result {
        let log = RequestLog()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(ScriptedHandler(script: script, log: log))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        do {
            let result = try await body(ScriptedRegistry(port: channel.localAddress?.port ?? 0, log: log))
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }
}

/// The requests of all connections, in the order of their ends.
final class RequestLog: Sendable {
    private let requests = Mutex<[ScriptedRequest]>([])

    var all: [ScriptedRequest] { requests.withLock { $0 } }

    func add(_ head: HTTPRequestHead, body: [UInt8]) -> ScriptedRequest {
        requests.withLock {
            let request = ScriptedRequest(
                method: head.method,
                uri: head.uri,
                headers: head.headers,
                body: body,
                number: $0.count
            )
            $0.append(request)
            return request
        }
    }
}
