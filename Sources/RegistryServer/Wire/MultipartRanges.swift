import NIOCore

/// Several parts of a blob in one body.
///
/// - SeeAlso: RFC 9110, section 14.6.
struct MultipartRanges: Sendable {
    let ranges: [Range<Int64>]
    private let size: Int64
    private let partType: String
    private let boundary: String

    /// - Parameters:
    ///   - size: of the whole blob, in bytes.
    ///   - partType: the blob's media type.
    init(_ ranges: [Range<Int64>], of size: Int64, partType: String) {
        self.ranges = ranges
        self.size = size
        self.partType = partType
        boundary = "berth-" + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    var contentType: String { "multipart/byteranges; boundary=\(boundary)" }

    var contentLength: Int {
        ranges.reduce(end.readableBytes) { $0 + head(of: $1).readableBytes + $1.count }
    }

    /// What goes before the bytes of `range`.
    func head(of range: Range<Int64>) -> ByteBuffer {
        ByteBuffer(
            string: "\r\n--\(boundary)\r\nContent-Type: \(partType)\r\n"
                + "Content-Range: bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)\r\n\r\n"
        )
    }

    /// What goes behind the last.
    var end: ByteBuffer { ByteBuffer(string: "\r\n--\(boundary)--\r\n") }
}
