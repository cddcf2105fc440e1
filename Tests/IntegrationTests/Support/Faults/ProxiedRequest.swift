import NIOHTTP1

/// What passed a fault proxy.
struct ProxiedRequest: Sendable {
    let method: HTTPMethod
    /// With the query.
    let uri: String
    let headers: HTTPHeaders
    /// How many requests came before this one, over all connections.
    let number: Int
    /// How many of its body's bytes went on to the server.
    var sent = 0
    /// How many bytes of the answer's body went to the client.
    var received = 0
    var status: HTTPResponseStatus?

    func header(_ name: String) -> String? { headers.first(name: name) }

    /// Whether it fetches a blob.
    var isBlobPull: Bool { method == .GET && uri.contains("/blobs/sha256:") }
    /// Whether it may carry a blob's bytes.
    var isUpload: Bool { (method == .PATCH || method == .PUT) && uri.contains("/blobs/uploads/") }
}
