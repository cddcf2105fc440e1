import CArchive
import Glibc
import SystemPackage

/// A tar archive, a layer's most often, read once from its first to its last byte.
final class LayerArchive {
    private let chunks: any ByteChunks
    private let blobSize: Int64?
    private let limits: LayerLimits
    private let tar: OpaquePointer
    /// How much of the current entry's content has not come yet.
    private var contentLeft: Int64 = 0
    private let zeros = calloc(1, Int(blockLength))
    private var isPadded = false
    /// What went wrong while libarchive was asking for bytes; it keeps no error of ours.
    private var streamFailure: LayerFailure?
    private(set) var entryCount = 0
    /// How many bytes the uncompressed archive has had so far.
    private(set) var byteCount: Int64 = 0
    /// The sum of the files' and symbolic links' lengths so far, in bytes, as docker counts an image's size.
    private(set) var contentBytes: Int64 = 0

    /// - Parameters:
    ///   - chunks: the uncompressed archive.
    ///   - blobSize: how many bytes the compressed archive has; nil when nobody knows before its end.
    init(_ chunks: any ByteChunks, blobSize: Int64?, limits: LayerLimits) throws(LayerFailure) {
        guard let tar = archive_read_new() else { throw LayerFailure("there is no memory left") }
        self.chunks = chunks
        self.blobSize = blobSize
        self.limits = limits
        self.tar = tar
        archive_read_support_format_tar(tar)
        archive_read_support_format_empty(tar)
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard archive_read_open(tar, context, nil, readFromStream, nil) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_read_free(tar)
        free(zeros)
    }

    /// The next entry; nil behind the last one.
    func nextEntry() throws(LayerFailure) -> LayerEntry? {
        var entry: OpaquePointer?
        switch archive_read_next_header(tar, &entry) {
        case ARCHIVE_OK, ARCHIVE_WARN:
            break
        case ARCHIVE_EOF:
            return nil
        default:
            throw failure()
        }
        guard let entry else { return nil }
        entryCount += 1
        guard entryCount <= limits.entries else { throw LayerFailure("it has more than \(limits.entries) entries") }
        let read = try LayerEntry(entry)
        let (sum, overflow) = contentBytes.addingReportingOverflow(read.length)
        guard !overflow, sum <= limits.bytes else {
            throw LayerFailure("its files have more than \(limits.bytes) bytes")
        }
        contentBytes = sum
        contentLeft = read.size
        return read
    }

    /// The next bytes of the current entry's content and where in the file they belong; nil at its end.
    ///
    /// They stay valid until the next call.
    func nextContent() throws(LayerFailure) -> (bytes: UnsafeRawBufferPointer, offset: Int64)? {
        var start: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        switch archive_read_data_block(tar, &start, &count, &offset) {
        case ARCHIVE_OK, ARCHIVE_WARN:
            contentLeft -= Int64(count)
            return (UnsafeRawBufferPointer(start: start, count: count), offset)
        case ARCHIVE_EOF:
            return nil
        default:
            throw failure()
        }
    }

    /// Reads what is left behind the archive's end, for it belongs to the layer too.
    func finish() throws(LayerFailure) {
        while try read() != nil {}
    }

    fileprivate func read() throws(LayerFailure) -> UnsafeRawBufferPointer? {
        guard let bytes = try chunks.next() else { return nil }
        byteCount += Int64(bytes.count)
        guard byteCount <= limits.bytes else { throw LayerFailure("it has more than \(limits.bytes) bytes") }
        guard
            byteCount <= limits.bytesAtAnyRatio
                || byteCount / max(blobSize ?? chunks.compressedCount, 1) <= limits.ratio
        else {
            throw LayerFailure("it is more than \(limits.ratio) times as large as its blob")
        }
        return bytes
    }

    fileprivate func readForArchive(_ start: UnsafeMutablePointer<UnsafeRawPointer?>?) -> Int {
        do {
            let bytes = try read() ?? padding()
            start?.pointee = bytes?.baseAddress
            return bytes?.count ?? 0
        } catch {
            streamFailure = error
            return -1
        }
    }

    /// Zeros up to the end of a block, once, behind the last byte.
    ///
    /// Some writers (umoci among them) end an archive with the last file's content. Others read that, but libarchive
    /// asks for the rest of the block. An archive that ends within content stays refused.
    private func padding() -> UnsafeRawBufferPointer? {
        let count = Int((Self.blockLength - byteCount % Self.blockLength) % Self.blockLength)
        guard !isPadded, contentLeft == 0, count > 0 else { return nil }
        isPadded = true
        return UnsafeRawBufferPointer(start: zeros, count: count)
    }

    /// Of tar, in bytes.
    private static let blockLength: Int64 = 512

    private func failure() -> LayerFailure {
        streamFailure ?? LayerFailure("it is not a whole tar archive: \(message(of: tar))")
    }
}

/// libarchive's callback for the next bytes: 0 at the end, -1 for an error.
private func readFromStream(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ start: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
    guard let context else { return -1 }
    return Unmanaged<LayerArchive>.fromOpaque(context).takeUnretainedValue().readForArchive(start)
}
