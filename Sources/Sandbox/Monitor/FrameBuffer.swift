/// Cuts the bytes that arrive into frames.
struct FrameBuffer {
    struct Malformed: Error {}

    private var bytes: [UInt8] = []
    private var start = 0

    mutating func append(_ part: ArraySlice<UInt8>) {
        if start == bytes.count {
            bytes.removeAll(keepingCapacity: true)
            start = 0
        }
        bytes += part
    }

    /// The next whole frame; nil when more bytes are needed for it.
    ///
    /// - Throws: ``Malformed``: what follows can't be read.
    mutating func next() throws(Malformed) -> MonitorFrame? {
        let rest = bytes[start...]
        guard rest.count >= MonitorFrame.headerSize, let kind = rest.first,
            let length = MonitorFrame.number(rest.dropFirst().prefix(4))
        else { return nil }
        guard length <= MonitorFrame.maximumPayload else { throw Malformed() }
        let payload = rest.dropFirst(MonitorFrame.headerSize).prefix(Int(length))
        guard payload.count == Int(length) else { return nil }
        guard let frame = MonitorFrame(kind: kind, payload: payload) else { throw Malformed() }
        start += MonitorFrame.headerSize + Int(length)
        if start > 256 << 10 {
            bytes.removeFirst(start)
            start = 0
        }
        return frame
    }
}
