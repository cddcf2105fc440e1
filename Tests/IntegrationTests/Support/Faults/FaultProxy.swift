import ImageSpec
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server between a client and a registry that does to what passes whatever a test wants, and counts it.
///
/// ```swift
/// try await FaultProxy.use(before: registry.host) { request in
///     request.isBlobPull && request.number < 5 ? .cutResponse(after: 1000) : .none
/// } _: { proxy in
///     try await berth("pull", "\(proxy.host)/app").output()
/// }
/// ```
final class FaultProxy: Sendable {
    typealias Plan = @Sendable (ProxiedRequest) -> Fault

    /// 127.0.0.1 and its port.
    let host: RegistryHost
    private let server: RegistryHost
    private let plan: Plan
    private let log = Mutex<[ProxiedRequest]>([])

    private init(port: Int, server: RegistryHost, plan: @escaping Plan) throws {
        host = try RegistryHost("127.0.0.1:\(port)")
        self.server = server
        self.plan = plan
    }

    /// All that was asked so far, with what passed of it.
    var requests: [ProxiedRequest] { log.withLock { $0 } }

    /// How many bytes of blobs went to the client.
    var pulledBytes: Int { requests.filter(\.isBlobPull).map(\.received).reduce(0, +) }

    /// How many bytes of blobs went to the server.
    var pushedBytes: Int { requests.filter(\.isUpload).map(\.sent).reduce(0, +) }

    func forget() { log.withLock { $0 = [] } }

    /// Runs `body` beside a proxy that stands before `server` and acts by `plan`.
    static func use<Result: Sendable>(
        before server: RegistryHost,
        _ plan: @escaping Plan,
        _ body: @escaping @Sendable (FaultProxy) async throws -> Result
    ) async throws -> Result {
        let listener = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    return try NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        let port = listener.channel.localAddress?.port ?? 0
        let proxy = try FaultProxy(port: port, server: server, plan: plan)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await listener.executeThenClose { connections in
                    await withDiscardingTaskGroup { group in
                        do {
                            for try await connection in connections {
                                group.addTask { try? await proxy.serve(connection) }
                            }
                        } catch {}
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(proxy)
        }
    }

    private func serve(
        _ client: NIOAsyncChannel<HTTPServerRequestPart, HTTPServerResponsePart>
    ) async throws {
        let upstream = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: server.port ?? 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    return try NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        try await client.executeThenClose { requests, _ in
            try await upstream.executeThenClose { answers, _ in
                var relay = ProxyRelay(
                    requests: requests.makeAsyncIterator(),
                    answers: answers.makeAsyncIterator(),
                    client: client.channel,
                    server: upstream.channel
                )
                while let head = try await relay.nextHead() {
                    let request = log.withLock {
                        let request = ProxiedRequest(
                            method: head.method,
                            uri: head.uri,
                            headers: head.headers,
                            number: $0.count
                        )
                        $0.append(request)
                        return request
                    }
                    try await relay.pass(head, with: plan(request)) { change in
                        self.log.withLock { if request.number < $0.count { change(&$0[request.number]) } }
                    }
                }
            }
        }
    }
}
