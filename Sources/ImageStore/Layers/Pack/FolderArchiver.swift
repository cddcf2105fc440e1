import CArchive
import Glibc
import SystemPackage

/// Writes a folder's content as a tar archive: sorted, with owners as numbers, without access times.
final class FolderArchiver {
    private struct FileIdentity: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    /// What a tree is archived as.
    enum Form {
        /// Every file as it stands.
        case plain
        /// A layer, of a folder in overlayfs's form: its whiteouts and opaque folders become the markers of a layer.
        case layer
    }

    private let output: any ArchiveOutput
    private let form: Form
    /// Whether the files may change meanwhile: what has gone is left out, what became shorter is filled up.
    private let isLive: Bool
    /// What is left out, with all that is below.
    private let excluded: Set<FilePath>
    private let tar: OpaquePointer
    private var outputFailure: LayerFailure?
    /// The first name of each file that has several.
    private var linkedFiles: [FileIdentity: FilePath] = [:]

    init(
        _ output: any ArchiveOutput,
        as form: Form = .plain,
        isLive: Bool = false,
        excluding excluded: Set<FilePath> = []
    ) throws(LayerFailure) {
        guard let tar = archive_write_new() else { throw LayerFailure("there is no memory left") }
        self.output = output
        self.form = form
        self.isLive = isLive
        self.excluded = excluded
        self.tar = tar
        // The whole format: the restricted one leaves out the fractions of seconds.
        archive_write_set_format_pax(tar)
        let context = Unmanaged.passUnretained(self).toOpaque()
        guard archive_write_open(tar, context, nil, writeToOutput, nil) == ARCHIVE_OK else { throw failure() }
    }

    deinit {
        archive_write_free(tar)
    }

    /// Writes everything below `folder`, and the archive's end.
    func write(_ folder: FilePath) throws(LayerFailure) {
        guard FileStatus(at: folder)?.isFolder == true else { throw LayerFailure("\(folder) is not a folder") }
        try writeArchive { () throws(LayerFailure) in try writeContent(of: folder, named: FilePath()) }
    }

    /// Writes the file or folder at `path`, with all that is below, as `name`, and the archive's end.
    func write(_ path: FilePath, as name: FilePath) throws(LayerFailure) {
        try writeArchive { () throws(LayerFailure) in try write(path, named: name) }
    }

    private func writeArchive(_ body: () throws(LayerFailure) -> Void) throws(LayerFailure) {
        // Names are written as UTF-8 where they are, whatever the terminal's character set is.
        let locale = newlocale(LC_CTYPE_MASK, "C.UTF-8", nil)
        let before = uselocale(locale)
        defer {
            uselocale(before)
            if let locale { freelocale(locale) }
        }
        try body()
        guard archive_write_close(tar) == ARCHIVE_OK else { throw failure() }
    }

    private func writeContent(of folder: FilePath, named name: FilePath) throws(LayerFailure) {
        if form == .layer, try OverlayMark.isOpaque(folder) {
            try writeMarker(named: name.appending(LayerMarker.opaqueFileName))
        }
        let names: [FilePath.Component]
        do {
            names = try FolderListing.names(in: folder)
        } catch {
            guard isLive, FileStatus(at: folder)?.isFolder != true else { throw error }
            return
        }
        for inner in names.sorted(by: { $0.bytes.lexicographicallyPrecedes($1.bytes) }) {
            try write(folder.appending(inner), named: name.appending(inner))
        }
    }

    private func write(_ path: FilePath, named name: FilePath) throws(LayerFailure) {
        guard !excluded.contains(name) else { return }
        guard let standing = FileStatus(at: path) else {
            let reason = Errno(rawValue: errno)
            guard isLive, reason == .noSuchFileOrDirectory else { throw LayerFailure("look at", path, reason) }
            return
        }
        // A socket is nothing without the program that listens at it.
        guard standing.kind != S_IFSOCK else { return }
        if form == .layer, try OverlayMark.isWhiteout(standing, at: path) {
            return try writeMarker(named: name.removingLastComponent().appending(LayerMarker.whiteoutName(of: name)))
        }
        guard let entry = archive_entry_new() else { throw LayerFailure("there is no memory left") }
        defer { archive_entry_free(entry) }
        let firstName = firstName(of: standing, now: name)
        let file = standing.kind == S_IFREG && firstName == nil ? try open(path) : nil
        defer { try? file?.close() }
        // What was to be read has gone, or become something else.
        guard standing.kind != S_IFREG || firstName != nil || file != nil else { return }
        do {
            try describe(path, standing, named: name, firstName: firstName, in: entry)
        } catch {
            guard isLive, FileStatus(at: path)?.kind != standing.kind else { throw error }
            return
        }
        try writeHeader(entry)
        if let file {
            try copy(file, at: path, count: archive_entry_size(entry))
        } else if standing.isFolder {
            try writeContent(of: path, named: name)
        }
    }

    /// Opens a file to be read; nil when it isn't one any more, and that may be.
    private func open(_ path: FilePath) throws(LayerFailure) -> FileDescriptor? {
        // Whoever swaps the file for a pipe or a terminal must not make us wait for it or have it.
        let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY
        let accepted: [Errno] =
            isLive ? [.noSuchFileOrDirectory, .tooManySymbolicLinkLevels, .noSuchAddressOrDevice] : []
        let number = try call("open", path, unless: accepted) { Glibc.open($0, flags) }
        guard number >= 0 else { return nil }
        let file = FileDescriptor(rawValue: number)
        var status = stat()
        guard fstat(number, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            try? file.close()
            guard isLive else { throw LayerFailure("\(path) was replaced while it was read") }
            return nil
        }
        return file
    }

    private func writeMarker(named name: FilePath) throws(LayerFailure) {
        guard let entry = archive_entry_new() else { throw LayerFailure("there is no memory left") }
        defer { archive_entry_free(entry) }
        name.withPlatformString { archive_entry_copy_pathname(entry, $0) }
        archive_entry_set_mode(entry, S_IFREG | 0o600)
        archive_entry_set_size(entry, 0)
        archive_entry_set_mtime(entry, 0, 0)
        try writeHeader(entry)
    }

    private func describe(
        _ path: FilePath,
        _ standing: FileStatus,
        named name: FilePath,
        firstName: FilePath?,
        in entry: OpaquePointer
    ) throws(LayerFailure) {
        let status = standing.status
        name.withPlatformString { archive_entry_copy_pathname(entry, $0) }
        archive_entry_set_mode(entry, status.st_mode)
        archive_entry_set_uid(entry, Int64(status.st_uid))
        archive_entry_set_gid(entry, Int64(status.st_gid))
        archive_entry_set_mtime(entry, status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        archive_entry_set_size(entry, standing.kind == S_IFREG ? Int64(status.st_size) : 0)
        archive_entry_set_rdev(entry, status.st_rdev)
        if let firstName {
            firstName.withPlatformString { archive_entry_copy_hardlink(entry, $0) }
            archive_entry_set_size(entry, 0)
        } else if standing.kind == S_IFLNK {
            var target = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
            try call("read the symbolic link", path) { readlink($0, &target, target.count - 1) }
            archive_entry_copy_symlink(entry, target)
        }
        for (attribute, value) in try ExtendedAttributes.read(from: path) {
            archive_entry_xattr_add_entry(entry, attribute, value, value.count)
        }
    }

    private func firstName(of standing: FileStatus, now name: FilePath) -> FilePath? {
        guard !standing.isFolder, standing.status.st_nlink > 1 else { return nil }
        let identity = FileIdentity(device: standing.status.st_dev, inode: standing.status.st_ino)
        if let first = linkedFiles[identity] { return first }
        linkedFiles[identity] = name
        return nil
    }

    private func writeHeader(_ entry: OpaquePointer) throws(LayerFailure) {
        // It warns of a name that is no UTF-8, and then writes the name's bytes as they are.
        guard archive_write_header(tar, entry) >= ARCHIVE_WARN else { throw failure() }
    }

    private func copy(_ file: FileDescriptor, at path: FilePath, count: Int64) throws(LayerFailure) {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        var rest = count
        while rest > 0 {
            let wanted = Int(min(rest, Int64(buffer.count)))
            let read = try call("read", path) { _ in Glibc.read(file.rawValue, &buffer, wanted) }
            guard read > 0 || isLive else { throw LayerFailure("\(path) became shorter while it was read") }
            guard read > 0 else { return try fillUp(rest) }
            guard archive_write_data(tar, buffer, read) == read else { throw failure() }
            rest -= Int64(read)
        }
    }

    private func fillUp(_ count: Int64) throws(LayerFailure) {
        let zeros = [UInt8](repeating: 0, count: 64 << 10)
        var rest = count
        while rest > 0 {
            let written = archive_write_data(tar, zeros, Int(min(rest, Int64(zeros.count))))
            guard written > 0 else { throw failure() }
            rest -= Int64(written)
        }
    }

    fileprivate func writeArchived(_ bytes: UnsafeRawBufferPointer) -> Int {
        do {
            try output.write(bytes)
            return bytes.count
        } catch {
            outputFailure = error
            return -1
        }
    }

    private func failure() -> LayerFailure {
        outputFailure ?? LayerFailure("it can't be archived: \(message(of: tar))")
    }
}

/// libarchive's callback for bytes to be written: how many were, or -1.
private func writeToOutput(
    _: OpaquePointer?,
    _ context: UnsafeMutableRawPointer?,
    _ start: UnsafeRawPointer?,
    _ count: Int
) -> Int {
    guard let context else { return -1 }
    let archiver = Unmanaged<FolderArchiver>.fromOpaque(context).takeUnretainedValue()
    return archiver.writeArchived(UnsafeRawBufferPointer(start: start, count: count))
}

extension FilePath.Component {
    /// The name as it is on the disk, without a zero byte at the end.
    fileprivate var bytes: [UInt8] {
        withPlatformString { UnsafeBufferPointer(start: $0, count: strlen($0)).map { UInt8(bitPattern: $0) } }
    }
}
