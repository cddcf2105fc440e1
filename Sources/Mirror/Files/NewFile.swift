import Glibc
import SystemPackage

/// A file that gets its name whole or not at all.
///
/// Until then it has none, where the filesystem knows such files, so that a process that is killed leaves nothing.
struct NewFile: ~Copyable {
    /// Linux, open(2); the C macro is made of two and isn't imported.
    static let withoutName = FileDescriptor.OpenOptions(rawValue: 0o20_200_000)

    private let target: FilePath
    private let folder: FilePath
    private let descriptor: FileDescriptor
    /// The name for the time being; nil for none.
    private var temporary: FilePath?

    /// - Parameters:
    ///   - target: where the file is to be; what stands there is replaced.
    ///   - folder: on the same filesystem, for the file as long as it isn't whole.
    init(for target: FilePath, in folder: FilePath) throws(MirrorError) {
        self.target = target
        self.folder = folder
        let permissions: FilePermissions = [.ownerReadWrite, .groupRead, .otherRead]
        let nameless = try? FileDescriptor.open(
            folder,
            .writeOnly,
            options: [Self.withoutName, .closeOnExec],
            permissions: permissions
        )
        if let nameless {
            descriptor = nameless
            temporary = nil
            return
        }
        let name = Self.uniqueName(in: folder)
        descriptor = try naming("create", name) {
            try FileDescriptor.open(
                name,
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: permissions
            )
        }
        temporary = name
    }

    deinit {
        try? descriptor.close()
        if let temporary { unlink(temporary.string) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(MirrorError) {
        _ = try naming("write", target) { try descriptor.writeAll(bytes) }
    }

    func write(_ bytes: [UInt8]) throws(MirrorError) {
        _ = try naming("write", target) { try descriptor.writeAll(bytes) }
    }

    /// How many bytes were written.
    func length() throws(MirrorError) -> Int64 {
        try naming("write", target) { try descriptor.seek(offset: 0, from: .current) }
    }

    /// Takes back all that was written behind the first `length` bytes.
    func cut(to length: Int64) throws(MirrorError) {
        try system("shorten", target) { ftruncate(descriptor.rawValue, Int(length)) }
        _ = try naming("write", target) { try descriptor.seek(offset: length, from: .start) }
    }

    /// Puts the file in its place; when this returns it is durable.
    mutating func commit() throws(MirrorError) {
        let (target, number) = (target, descriptor.rawValue)
        try system("flush", target) { fsync(number) }
        let name: FilePath
        if let temporary { name = temporary } else { name = try giveName() }
        try system("rename to \(target)", name) { rename(name.string, target.string) }
        temporary = nil
        let parent = target.removingLastComponent()
        let opened = try OpenFile(reading: parent.isEmpty ? "." : parent)
        try system("flush", opened.path) { fsync(opened.descriptor.rawValue) }
    }

    /// A name can only be given where there is none yet, so the target's comes by a rename.
    private mutating func giveName() throws(MirrorError) -> FilePath {
        let name = Self.uniqueName(in: folder)
        let source = "/proc/self/fd/\(descriptor.rawValue)"
        try system("create", name) { linkat(AT_FDCWD, source, AT_FDCWD, name.string, AT_SYMLINK_FOLLOW) }
        temporary = name
        return name
    }

    private static func uniqueName(in folder: FilePath) -> FilePath {
        folder.appending(".berth-\(getpid())-\(String(UInt64.random(in: 0...UInt64.max), radix: 36))")
    }
}
