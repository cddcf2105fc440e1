import CArchive
import Glibc
import SystemPackage

/// An archive that is compressed as a whole: by gzip, zstd, bzip2 or xz.
///
/// Its files are read in no order, and a registry may want one of them twice, so it is decompressed once, into a file
/// without a name. A bomb is given up early.
struct CompressedArchive {
    /// How many times as large as the compressed archive it may be, once it is larger than ``bytesAtAnyRatio``.
    private static let maximumRatio: Int64 = 2000
    /// In bytes.
    private static let bytesAtAnyRatio: Int64 = 1 << 28
    /// In bytes.
    private static let maximumSize: Int64 = 1 << 40
    /// How such archives begin.
    private static let beginnings: [[UInt8]] = [
        [0x1f, 0x8b], [0x28, 0xb5, 0x2f, 0xfd], [0x42, 0x5a, 0x68], [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
    ]

    private let file: OpenFile

    /// Nil when the file isn't compressed.
    init?(_ file: OpenFile) throws(MirrorError) {
        let size = try file.size()
        let beginning = try FileSlice(file: file, offset: 0, size: min(size, 6)).bytes(limit: 6)
        guard Self.beginnings.contains(where: { beginning.starts(with: $0) }) else { return nil }
        self.file = file
    }

    /// The archive itself, with the compressed file's path for messages.
    ///
    /// - Parameter folder: where its bytes lie for as long as it is held; by default the system's for large temporary
    ///   files.
    func decompressed(in folder: FilePath = CompressedArchive.temporaryFolder) throws(MirrorError) -> OpenFile {
        guard let archive = archive_read_new() else { throw refused("there is no memory left") }
        defer { archive_read_free(archive) }
        archive_read_support_filter_gzip(archive)
        archive_read_support_filter_zstd(archive)
        archive_read_support_filter_bzip2(archive)
        archive_read_support_filter_xz(archive)
        archive_read_support_format_raw(archive)
        archive_read_support_format_empty(archive)
        guard archive_read_open_fd(archive, file.descriptor.rawValue, 256 << 10) == ARCHIVE_OK else {
            throw damaged(archive)
        }
        // libarchive takes one compression off after the other; other tools take one off, and so do we.
        guard archive_filter_count(archive) <= 2 else { throw refused("it is compressed more than once") }
        var entry: OpaquePointer?
        switch archive_read_next_header(archive, &entry) {
        case ARCHIVE_OK: break
        case ARCHIVE_EOF: throw refused("it is empty")
        default: throw damaged(archive)
        }
        let target = try namelessFile(in: folder)
        try copy(archive, to: target.descriptor, in: folder)
        return target
    }

    private func copy(
        _ archive: OpaquePointer,
        to target: FileDescriptor,
        in folder: FilePath
    ) throws(MirrorError) {
        let compressedSize = try file.size()
        let mostBytes = min(max(Self.bytesAtAnyRatio, compressedSize * Self.maximumRatio), Self.maximumSize)
        var count: Int64 = 0
        while true {
            var start: UnsafeRawPointer?
            var length = 0
            var offset: Int64 = 0
            switch archive_read_data_block(archive, &start, &length, &offset) {
            case ARCHIVE_OK, ARCHIVE_RETRY: break
            case ARCHIVE_EOF: return
            default: throw damaged(archive)
            }
            count += Int64(length)
            guard count <= mostBytes else { throw refused("it decompresses to more than \(mostBytes) bytes") }
            let bytes = UnsafeRawBufferPointer(start: start, count: length)
            _ = try naming("write a temporary file in", folder) { try target.writeAll(bytes) }
        }
    }

    private func namelessFile(in folder: FilePath) throws(MirrorError) -> OpenFile {
        let permissions: FilePermissions = [.ownerReadWrite]
        let nameless = try? FileDescriptor.open(
            folder,
            .readWrite,
            options: [NewFile.withoutName, .closeOnExec],
            permissions: permissions
        )
        if let nameless { return OpenFile(nameless, path: file.path) }
        let name = folder.appending("berth-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
        let named = try naming("create", name) {
            try FileDescriptor.open(
                name,
                .readWrite,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: permissions
            )
        }
        unlink(name.string)
        return OpenFile(named, path: file.path)
    }

    /// Not `/tmp`, which may be memory.
    static var temporaryFolder: FilePath {
        getenv("TMPDIR").map { FilePath(platformString: $0) }.flatMap { $0.isEmpty ? nil : $0 } ?? "/var/tmp"
    }

    private func damaged(_ archive: OpaquePointer) -> MirrorError {
        let message = archive_error_string(archive).map { String(cString: $0) } ?? "it is damaged"
        return refused("it can't be decompressed: \(message)")
    }

    private func refused(_ reason: String) -> MirrorError { .invalidFile(file.path, reason: reason) }
}
