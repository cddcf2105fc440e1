/// What is told of a request when it has ended.
package struct AccessEntry: Sendable {
    package let requestID: String
    /// The client's address.
    package let client: String
    /// The account's name in the client's certificate; nil where TLS has proven none.
    package let certificateName: String?
    package let method: String
    /// With the query, as the client sent it.
    package let path: String
    package let route: RequestRoute
    package let repository: Substring?
    /// A tag, digest or upload session.
    package let reference: Substring?
    /// 0 when the connection went before an answer began.
    package let status: Int
    /// Of the request's body.
    package let bytesReceived: Int64
    /// Of the answer's body, as far as the kernel took them.
    package let bytesSent: Int64
    /// From the request's head to the answer's end.
    package let nanoseconds: Int64
    package let userAgent: String?
    /// Whether all of the answer was sent.
    package let isComplete: Bool
}
