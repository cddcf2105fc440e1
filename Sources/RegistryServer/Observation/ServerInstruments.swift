import Instruments

/// What the server counts.
package final class ServerInstruments: Sendable {
    /// Above the highest status.
    private static let statusCount = 600

    package let connections = Counter()
    package let refusedConnections = Counter()
    package let refusedRequests = Counter()
    /// Beyond the rate that one address or account may have.
    package let limitedRequests = Counter()
    package let requestsUnderWay = Counter()
    package let bytesReceived = Counter()
    package let bytesSent = Counter()
    /// By route, then status.
    private let requests = CounterTable(count: RequestRoute.allCases.count * statusCount)
    /// By route, in microseconds.
    private let times = RequestRoute.allCases.map { _ in Histogram.times() }
    /// By route, of answers' bodies, in bytes.
    private let sizes = RequestRoute.allCases.map { _ in Histogram.sizes() }

    package init() {}

    /// Counts a request that has ended.
    func record(_ route: RequestRoute, status: Int, microseconds: Int, bytesSent: Int) {
        requests.add(at: route.rawValue * Self.statusCount + min(max(0, status), Self.statusCount - 1))
        times[route.rawValue].record(microseconds)
        sizes[route.rawValue].record(bytesSent)
    }

    package func write(to text: inout MetricsText) {
        text.add("berthd_connections", .gauge, "Connections of clients that are open.", connections.value)
        text.add("berthd_requests_under_way", .gauge, "Requests that are being answered.", requestsUnderWay.value)
        text.add("berthd_received_bytes_total", .counter, "Bytes of requests' bodies.", bytesReceived.value)
        text.add("berthd_sent_bytes_total", .counter, "Bytes of answers' bodies.", bytesSent.value)
        text.begin("berthd_refused_total", .counter, "What was beyond a limit.")
        text.sample("berthd_refused_total", ["what": "connection"], refusedConnections.value)
        text.sample("berthd_refused_total", ["what": "request"], refusedRequests.value)
        text.sample("berthd_refused_total", ["what": "rate"], limitedRequests.value)
        text.begin(
            "berthd_requests_total",
            .counter,
            "Requests that have ended, by route and status; 0 where the connection went before an answer."
        )
        for route in RequestRoute.allCases {
            for status in 0..<Self.statusCount {
                let count = requests[route.rawValue * Self.statusCount + status]
                guard count > 0 else { continue }
                text.sample("berthd_requests_total", ["route": route.name, "status": "\(status)"], count)
            }
        }
        text.begin("berthd_request_seconds", .histogram, "From a request's head to its answer's end.")
        for route in RequestRoute.allCases where times[route.rawValue].cumulative.count > 0 {
            text.samples("berthd_request_seconds", ["route": route.name], of: times[route.rawValue], unit: 1e6)
        }
        text.begin("berthd_response_bytes", .histogram, "Sizes of answers' bodies.")
        for route in RequestRoute.allCases where sizes[route.rawValue].cumulative.count > 0 {
            text.samples("berthd_response_bytes", ["route": route.name], of: sizes[route.rawValue])
        }
    }
}
