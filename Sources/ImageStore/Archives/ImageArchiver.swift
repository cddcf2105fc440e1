import CArchive
import Glibc
import ImageSpec
import SystemPackage

/// Writes a tar archive of documents and blobs: the same content always gives the same bytes.
final class ImageArchiver {
    private let tar: OpaquePointer

    /// - Parameter file: may be a pipe.
    init(_ file: FileDescriptor, compression: ImageArchiveCompression) throws(LayerFailure) {
        guard let tar = archive_write_new() else { throw LayerFailure("there is no memory left") }
        self.tar = tar
        archive_write_set_format_pax_restricted(tar)
        switch compression {
        case .none: archive_write_add_filter_none(tar)
        case .gzip:
            archive_write_add_filter_gzip(tar)
            // No time in the header, as there is none in the entries.
            archive_write_set_filter_option(tar, "gzip", "timestamp", nil)
        case .zstd: archive_write_add_filter_zstd(tar)
        }
        archive_write_set_bytes_per_block(tar, 1 << 20)
        archive_write_set_bytes_in_last_block(tar, 1)
        guard archive_write_open_fd(tar, file.rawValue) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_write_free(tar)
    }

    func addFolder(_ name: String) throws(LayerFailure) {
        try writeHeader("\(name)/", kind: S_IFDIR, mode: 0o755, size: 0)
    }

    func add(_ bytes: [UInt8], as name: String) throws(LayerFailure) {
        try writeHeader(name, kind: S_IFREG, mode: 0o644, size: Int64(bytes.count))
        let count = bytes.withUnsafeBytes { archive_write_data(tar, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw failure() }
    }

    /// Adds the blob in the file at `path`, which must have the digest that it is named by.
    ///
    /// - Throws: ``ImageStoreError/wrongContent(expected:actual:)`` when it has not, and the archive is of no use.
    func add(blobAt path: FilePath, as digest: Digest, named name: String) throws {
        let file = try naming("open", path) { try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]) }
        defer { try? file.close() }
        let size = try DurableFile.size(of: file, at: path)
        try writeHeader(name, kind: S_IFREG, mode: 0o644, size: size)
        var hasher = DigestHasher(digest.algorithm)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
        defer { buffer.deallocate() }
        while case let count = try naming("read", path, { try file.read(into: buffer) }), count > 0 {
            let bytes = UnsafeRawBufferPointer(rebasing: buffer[..<count])
            hasher.update(bytes)
            try write(bytes)
        }
        let actual = hasher.finalize()
        guard actual == digest else { throw ImageStoreError.wrongContent(expected: digest, actual: actual) }
    }

    /// Writes the archive's end.
    func finish() throws(LayerFailure) {
        guard archive_write_close(tar) == ARCHIVE_OK else { throw failure() }
    }

    private func writeHeader(_ name: String, kind: mode_t, mode: mode_t, size: Int64) throws(LayerFailure) {
        guard let entry = archive_entry_new() else { throw LayerFailure("there is no memory left") }
        defer { archive_entry_free(entry) }
        archive_entry_copy_pathname(entry, name)
        archive_entry_set_filetype(entry, kind)
        archive_entry_set_perm(entry, mode)
        archive_entry_set_size(entry, size)
        archive_entry_set_mtime(entry, 0, 0)
        guard archive_write_header(tar, entry) == ARCHIVE_OK else { throw failure() }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(LayerFailure) {
        guard archive_write_data(tar, bytes.baseAddress, bytes.count) == bytes.count else { throw failure() }
    }

    private func failure() -> LayerFailure { LayerFailure("it can't be archived: \(message(of: tar))") }
}
