import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Follows each request of a connection to its answer's end: gives it its id, counts it, and hands over what the access
/// log tells.
///
/// It stands where every request passes, whoever answers it, and where blobs' bytes pass as ``SendFile`` events.
final class RequestObservationHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// A request on its way.
    private final class Observed {
        let request: HTTPRequest
        let id: String
        let start = NIODeadline.now()
        var status = 0
        var bytesReceived = 0
        var bytesSent = 0
        /// ``SendFile`` parts that the kernel hasn't taken yet.
        var filesUnderWay = 0

        init(_ request: HTTPRequest, id: String) {
            self.request = request
            self.id = id
        }
    }

    private let instruments: ServerInstruments
    private let record: @Sendable (AccessEntry) -> Void
    /// Whose answers' ends haven't been written; the first is being answered, the last being received.
    private var requests: [Observed] = []
    private let connection: ClientConnection
    private let origins: OriginConfiguration

    /// - Parameter record: is called on an event loop: it must not wait.
    init(
        instruments: ServerInstruments,
        connection: ClientConnection,
        origins: OriginConfiguration,
        record: @escaping @Sendable (AccessEntry) -> Void
    ) {
        self.instruments = instruments
        self.connection = connection
        self.origins = origins
        self.record = record
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(var head):
            let own = head.headerFields.firstValue(of: .xRequestID)
            let id: String
            if let own, RequestID.isSane(own) {
                id = own
            } else {
                id = RequestID.make()
                if own != nil { head.headerFields[.xRequestID] = nil }
                head.headerFields.append(HTTPField(name: .xRequestID, value: id))
            }
            requests.append(Observed(head, id: id))
            instruments.requestsUnderWay.add()
            context.fireChannelRead(wrapInboundOut(.head(head)))
        case .body(let buffer):
            requests.last?.bytesReceived += buffer.readableBytes
            instruments.bytesReceived.add(buffer.readableBytes)
            context.fireChannelRead(data)
        case .end:
            context.fireChannelRead(data)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            guard head.status.kind != .informational else { return context.write(data, promise: promise) }
            let observed = requests.first ?? observeUnreadable()
            observed.status = head.status.code
            head.headerFields.append(HTTPField(name: .xRequestID, value: observed.id))
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body(let buffer):
            requests.first?.bytesSent += buffer.readableBytes
            instruments.bytesSent.add(buffer.readableBytes)
            context.write(data, promise: promise)
        case .end:
            writeEnd(context, data, promise)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let file = event as? SendFile, let observed = requests.first else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
        observed.filesUnderWay += 1
        sent.futureResult.assumeIsolated().whenComplete { [instruments] result in
            observed.filesUnderWay -= 1
            guard case .success = result else { return }
            observed.bytesSent += file.range.count
            instruments.bytesSent.add(file.range.count)
        }
        context.triggerUserOutboundEvent(event, promise: sent)
    }

    func channelInactive(context: ChannelHandlerContext) {
        for observed in requests { finish(observed, isComplete: false, context) }
        requests = []
        context.fireChannelInactive()
    }

    /// A request whose head can't be read is answered too, though it never came this far.
    private func observeUnreadable() -> Observed {
        let observed = Observed(
            HTTPRequest(method: .unreadable, scheme: nil, authority: nil, path: nil),
            id: RequestID.make()
        )
        requests.append(observed)
        instruments.requestsUnderWay.add()
        return observed
    }

    /// When the kernel has taken all that was written so far, the request has ended, as near as can be told from here;
    /// else it ends when that is so.
    private func writeEnd(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        guard !requests.isEmpty else { return context.write(data, promise: promise) }
        let observed = requests.removeFirst()
        if context.channel.isWritable, observed.filesUnderWay == 0 {
            context.write(data, promise: promise)
            return finish(observed, isComplete: true, context)
        }
        let written = promise ?? context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenComplete { result in
            guard case .success = result else { return self.finish(observed, isComplete: false, context) }
            self.finish(observed, isComplete: true, context)
        }
        context.write(data, promise: written)
    }

    private func finish(_ observed: Observed, isComplete: Bool, _ context: ChannelHandlerContext) {
        let nanoseconds = (NIODeadline.now() - observed.start).nanoseconds
        let target = RequestTarget(observed.request.path ?? "")
        instruments.requestsUnderWay.subtract()
        instruments.record(
            target.route,
            status: observed.status,
            microseconds: Int(nanoseconds / 1000),
            bytesSent: observed.bytesSent
        )
        record(
            AccessEntry(
                requestID: observed.id,
                client: client(of: observed.request),
                certificateName: connection.certificate?.name(by: origins.clientCertificateName),
                method: observed.request.method.rawValue,
                path: observed.request.path ?? "",
                route: target.route,
                repository: target.repository,
                reference: target.reference,
                status: observed.status,
                bytesReceived: Int64(observed.bytesReceived),
                bytesSent: Int64(observed.bytesSent),
                nanoseconds: nanoseconds,
                userAgent: observed.request.headerFields.firstValue(of: .userAgent),
                isComplete: isComplete
            )
        )
    }

    private func client(of request: HTTPRequest) -> String {
        guard connection.isProxy else { return connection.peerAddress }
        return RequestOrigin(request.headerFields, authority: nil, over: connection, origins.proxies).clientAddress
    }
}

extension HTTPFields {
    /// Without the string that would be made to join several.
    fileprivate func firstValue(of name: HTTPField.Name) -> String? {
        first { $0.name == name }?.value
    }
}

extension HTTPRequest.Method {
    /// What the log says where the method isn't known.
    fileprivate static var unreadable: Self { Self("-") ?? .get }
}
