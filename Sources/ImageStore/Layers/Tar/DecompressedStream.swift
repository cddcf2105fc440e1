import CArchive
import SystemPackage

/// The bytes of a file, decompressed as they are read.
final class DecompressedStream {
    /// Which compressions are recognised, by their first bytes.
    enum Compressions {
        /// What a layer blob may be: nothing, gzip or zstd.
        case layers
        /// What a person may have: bzip2 and xz too.
        case archives
    }

    private let archive: OpaquePointer
    private var isAtEnd = false

    /// - Throws: ``LayerFailure`` when the file can't be read.
    init(_ file: FileDescriptor, accepting compressions: Compressions) throws(LayerFailure) {
        guard let archive = archive_read_new() else { throw LayerFailure("there is no memory left") }
        self.archive = archive
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_zstd(archive)
        if compressions == .archives {
            archive_read_support_filter_bzip2(archive)
            archive_read_support_filter_xz(archive)
        }
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
        guard archive_read_open_fd(archive, file.rawValue, 256 << 10) == ARCHIVE_OK else { throw failure() }
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

    /// The next bytes, which stay valid until the next call; nil at the end.
    func next() throws(LayerFailure) -> UnsafeRawBufferPointer? {
        while !isAtEnd {
            var start: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            switch archive_read_data_block(archive, &start, &count, &offset) {
            case ARCHIVE_OK where count > 0:
                return UnsafeRawBufferPointer(start: start, count: count)
            case ARCHIVE_OK, ARCHIVE_RETRY:
                continue
            case ARCHIVE_EOF:
                isAtEnd = true
            default:
                throw failure()
            }
        }
        return nil
    }

    /// How many bytes were read from the file so far.
    var compressedCount: Int64 { archive_filter_bytes(archive, -1) }

    private func failure() -> LayerFailure {
        LayerFailure("it can't be decompressed: \(message(of: archive))")
    }
}

/// What libarchive says went wrong.
func message(of archive: OpaquePointer) -> String {
    archive_error_string(archive).map { String(cString: $0) } ?? "it is damaged"
}
