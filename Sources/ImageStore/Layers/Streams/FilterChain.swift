import CArchive

/// Takes off what libarchive recognises: zstd, and for a person's archives bzip2 and xz; plain bytes stay as they are.
final class FilterChain: Decompressor {
    private let archive: OpaquePointer
    private let input: BlobInput
    /// What went wrong while libarchive was asking for bytes; it keeps no error of ours.
    private var inputFailure: LayerFailure?
    private var isAtEnd = false

    init(_ input: BlobInput, accepting compressions: DecompressedStream.Compressions) throws(LayerFailure) {
        guard let archive = archive_read_new() else { throw LayerFailure("there is no memory left") }
        self.archive = archive
        self.input = input
        archive_read_support_filter_zstd(archive)
        if compressions == .archives {
            archive_read_support_filter_bzip2(archive)
            archive_read_support_filter_xz(archive)
        }
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard archive_read_open(archive, context, nil, readFromInput, nil) == ARCHIVE_OK else { throw failure() }
        // libarchive peels one compression after the other; other tools take one off, and so do we.
        guard archive_filter_count(archive) <= 2 else { throw LayerFailure("it is compressed more than once") }
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: isAtEnd = true
        default: throw failure()
        }
    }

    deinit {
        archive_read_free(archive)
    }

    func read(into room: UnsafeMutableRawBufferPointer) throws(LayerFailure) -> Int {
        guard !isAtEnd else { return 0 }
        let count = archive_read_data(archive, room.baseAddress, room.count)
        guard count >= 0 else { throw failure() }
        isAtEnd = count == 0
        return count
    }

    fileprivate func readForArchive(_ start: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do {
            let bytes = try input.next()
            start?.pointee = UnsafeRawPointer(bytes.baseAddress)
            return bytes.count
        } catch {
            inputFailure = error
            return -1
        }
    }

    private func failure() -> LayerFailure {
        inputFailure ?? LayerFailure("it can't be decompressed: \(message(of: archive))")
    }
}

/// What libarchive says went wrong.
func message(of archive: OpaquePointer) -> String {
    archive_error_string(archive).map { String(cString: $0) } ?? "it is damaged"
}

/// libarchive's callback for the next bytes: 0 at the end, -1 for an error.
private func readFromInput(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ start: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let context else { return -1 }
    return Unmanaged<FilterChain>.fromOpaque(context).takeUnretainedValue().readForArchive(start)
}
