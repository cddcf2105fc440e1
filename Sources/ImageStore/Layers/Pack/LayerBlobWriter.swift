import CArchive
import Glibc
import ImageSpec
import SystemPackage

/// Compresses a tar stream by gzip into a file, hashing both sides.
final class LayerBlobWriter {
    private let file: FileDescriptor
    private let gzip: OpaquePointer
    private var diffIDHasher = DigestHasher(.sha256)
    private var digestHasher = DigestHasher(.sha256)
    private var size: Int64 = 0
    private var fileFailure: LayerFailure?

    init(_ file: FileDescriptor) throws(LayerFailure) {
        guard let gzip = archive_write_new() else { throw LayerFailure("there is no memory left") }
        self.file = file
        self.gzip = gzip
        archive_write_add_filter_gzip(gzip)
        // No time in the header: the same layer has the same digest tomorrow.
        archive_write_set_filter_option(gzip, "gzip", "timestamp", nil)
        archive_write_set_format_raw(gzip)
        archive_write_set_bytes_per_block(gzip, 128 << 10)
        archive_write_set_bytes_in_last_block(gzip, 1)
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard archive_write_open(gzip, context, nil, writeToFile, nil) == ARCHIVE_OK else { throw failure() }
        let entry = archive_entry_new()
        defer { archive_entry_free(entry) }
        archive_entry_set_filetype(entry, Glibc.S_IFREG)
        guard archive_write_header(gzip, entry) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_write_free(gzip)
    }

    /// Appends uncompressed bytes.
    func write(_ bytes: UnsafeRawBufferPointer) throws(LayerFailure) {
        diffIDHasher.update(bytes)
        guard archive_write_data(gzip, bytes.baseAddress, bytes.count) == bytes.count else { throw failure() }
    }

    /// Writes what is still held back.
    func finish() throws(LayerFailure) -> PackedLayer {
        guard archive_write_close(gzip) == ARCHIVE_OK else { throw failure() }
        return PackedLayer(digest: digestHasher.finalize(), size: size, diffID: diffIDHasher.finalize())
    }

    fileprivate func writeCompressed(_ bytes: UnsafeRawBufferPointer) -> Int {
        do {
            try file.writeAll(bytes)
        } catch {
            fileFailure = LayerFailure("it can't be written: \(error)")
            return -1
        }
        digestHasher.update(bytes)
        size += Int64(bytes.count)
        return bytes.count
    }

    private func failure() -> LayerFailure {
        fileFailure ?? LayerFailure("it can't be compressed: \(message(of: gzip))")
    }
}

/// libarchive's callback for bytes to be written: how many were, or -1.
private func writeToFile(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ start: UnsafeRawPointer?,
    _ count: Int
) -> Int {
    guard let context else { return -1 }
    let writer = Unmanaged<LayerBlobWriter>.fromOpaque(context).takeUnretainedValue()
    return writer.writeCompressed(UnsafeRawBufferPointer(start: start, count: count))
}
