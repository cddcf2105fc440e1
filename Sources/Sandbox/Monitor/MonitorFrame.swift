/// One message between a container's monitor and a client: a kind, a length and that many bytes.
///
/// On the wire: one byte for the kind, four for the length, the lowest first, then the payload.
enum MonitorFrame: Equatable {
    // From the client.
    /// A ``MonitorRequest`` as JSON.
    case request([UInt8])
    case input([UInt8])
    case endOfInput
    case windowSize(rows: UInt16, columns: UInt16)
    case signal(Int32)
    /// Nobody reads this stream of the client's any more.
    case brokenOutput(OutputStream)

    // From the monitor.
    /// What was asked for has begun.
    case accepted
    case output(OutputStream, [UInt8])
    /// The process has ended with this status, and all of its output was sent.
    case exited(Int32)
    /// What was asked for could not be done: a ``MonitorFailure`` as JSON.
    case failed([UInt8])

    /// In bytes. A request has a process's arguments and environment in it.
    static let maximumPayload = 4 << 20
    static let headerSize = 5

    private var kind: UInt8 {
        switch self {
        case .request: 1
        case .input: 2
        case .endOfInput: 3
        case .windowSize: 4
        case .signal: 5
        case .brokenOutput: 6
        case .accepted: 16
        case .output(.standardOutput, _): 17
        case .output(.standardError, _): 18
        case .exited: 19
        case .failed: 20
        }
    }

    private var payload: [UInt8] {
        switch self {
        case .request(let bytes), .input(let bytes), .output(_, let bytes), .failed(let bytes): bytes
        case .endOfInput, .accepted: []
        case .windowSize(let rows, let columns): Self.bytes(of: UInt32(rows) << 16 | UInt32(columns))
        case .signal(let number), .exited(let number): Self.bytes(of: UInt32(bitPattern: number))
        case .brokenOutput(let stream): [stream.rawValue]
        }
    }

    /// The message as it is sent.
    var encoded: [UInt8] {
        let payload = payload
        return [kind] + Self.bytes(of: UInt32(payload.count)) + payload
    }

    /// Nil for a kind that is unknown, or a payload that isn't of its kind.
    init?(kind: UInt8, payload: ArraySlice<UInt8>) {
        switch kind {
        case 1: self = .request(Array(payload))
        case 2: self = .input(Array(payload))
        case 3: self = .endOfInput
        case 4:
            guard let size = Self.number(payload) else { return nil }
            self = .windowSize(rows: UInt16(size >> 16), columns: UInt16(size & 0xffff))
        case 5:
            guard let number = Self.number(payload) else { return nil }
            self = .signal(Int32(bitPattern: number))
        case 6:
            guard payload.count == 1, let byte = payload.first, let stream = OutputStream(rawValue: byte) else {
                return nil
            }
            self = .brokenOutput(stream)
        case 16: self = .accepted
        case 17: self = .output(.standardOutput, Array(payload))
        case 18: self = .output(.standardError, Array(payload))
        case 19:
            guard let number = Self.number(payload) else { return nil }
            self = .exited(Int32(bitPattern: number))
        case 20: self = .failed(Array(payload))
        default: return nil
        }
    }

    private static func bytes(of number: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    static func number(_ bytes: ArraySlice<UInt8>) -> UInt32? {
        guard bytes.count == 4 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// Where a process's output goes.
package enum OutputStream: UInt8, Sendable, Codable, CaseIterable {
    case standardOutput = 1
    case standardError = 2
}
