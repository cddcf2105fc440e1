import CISAL
import Glibc

/// Inflates gzip, one member after the other, and verifies each one's checksum and length.
///
/// By ISA-L, which is about four times as fast as zlib.
///
/// - SeeAlso: RFC 1952.
final class GzipInflater: Decompressor {
    /// How every member begins.
    static let magic: [UInt8] = [0x1f, 0x8b]

    private let input: BlobInput
    private let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)
    /// The current member's header, as far as it has come.
    private var header = isal_gzip_header()
    private var isInHeader = true
    private var isInputAtEnd = false
    private var isAtEnd = false

    /// - Parameter input: begins with ``magic``.
    init(_ input: BlobInput) {
        self.input = input
        memset(state, 0, MemoryLayout<inflate_state>.size)
        isal_inflate_init(state)
        state.pointee.crc_flag = UInt32(ISAL_GZIP)
    }

    deinit {
        state.deallocate()
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(LayerFailure) -> Int {
        let room = UnsafeMutableRawBufferPointer(rebasing: room.prefix(Int(Int32.max)))
        state.pointee.next_out = room.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_out = UInt32(room.count)
        while state.pointee.avail_out > 0, !isAtEnd {
            if state.pointee.block_state == ISAL_BLOCK_FINISH {
                try beginNextMember()
            } else if isInHeader {
                try readHeader()
            } else {
                try inflate()
            }
        }
        return room.count - Int(state.pointee.avail_out)
    }

    /// `isal_inflate` would read it too, but not a header that comes in several pieces: it forgets what the first said.
    private func readHeader() throws(LayerFailure) {
        try refill()
        let result = isal_read_gzip_header(state, &header)
        guard result != ISAL_END_INPUT || !isInputAtEnd else { throw Self.endsTooEarly }
        guard result >= ISAL_DECOMP_OK else { throw Self.failure(result) }
        isInHeader = result == ISAL_END_INPUT
    }

    private func inflate() throws(LayerFailure) {
        try refill()
        let room = state.pointee.avail_out
        let result = isal_inflate(state)
        guard result >= ISAL_DECOMP_OK else { throw Self.failure(result) }
        // Also without input there may be bytes that had no room before.
        guard !isInputAtEnd || state.pointee.avail_out < room || state.pointee.block_state == ISAL_BLOCK_FINISH else {
            throw Self.endsTooEarly
        }
    }

    /// Behind a member comes another one or the end, or zeros with which some writers fill up a block.
    private func beginNextMember() throws(LayerFailure) {
        while true {
            try refill()
            guard state.pointee.avail_in > 0 else {
                isAtEnd = true
                return
            }
            guard state.pointee.next_in.pointee == 0 else { break }
            state.pointee.next_in += 1
            state.pointee.avail_in -= 1
        }
        isal_inflate_reset(state)
        header = isal_gzip_header()
        isInHeader = true
    }

    private func refill() throws(LayerFailure) {
        guard state.pointee.avail_in == 0, !isInputAtEnd else { return }
        let bytes = try input.next()
        state.pointee.next_in = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
        state.pointee.avail_in = UInt32(bytes.count)
        isInputAtEnd = bytes.isEmpty
    }

    private static let endsTooEarly = LayerFailure("it can't be decompressed: it ends too early")

    private static func failure(_ code: Int32) -> LayerFailure {
        let reason =
            switch code {
            case ISAL_INVALID_WRAPPER: "something that is no gzip member stands behind one"
            case ISAL_UNSUPPORTED_METHOD: "its gzip header names a method that is not deflate"
            case ISAL_INCORRECT_CHECKSUM: "its gzip checksum is wrong"
            default: "its deflate data is damaged"
            }
        return LayerFailure("it can't be decompressed: \(reason)")
    }
}
