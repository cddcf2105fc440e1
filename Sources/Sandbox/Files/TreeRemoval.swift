import Glibc
import SystemPackage

/// Removes the folder `path` and all beneath it, following no link.
///
/// A container may leave folders nested deeper than any path or stack is long: each that isn't empty is moved up
/// to the top before it is emptied itself, so that the depth, and the files open at a time, stay at two.
func removeTree(_ path: FilePath) throws {
    let top = try TreeRemoval(path)
    try top.removeAll()
    guard rmdir(path.string) == 0 else { throw SandboxError.system(operation: "remove", path: path, .current) }
}

private final class TreeRemoval {
    /// How many names are held at a time: a folder may have more than memory has room for.
    private static let batch = 4096

    private let path: FilePath
    private let top: Int32
    private var moved = 0

    init(_ path: FilePath) throws {
        self.path = path
        top = open(path.string, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard top >= 0 else { throw SandboxError.system(operation: "open", path: path, .current) }
    }

    deinit {
        close(top)
    }

    func removeAll() throws {
        while true {
            let names = try names(in: top)
            if names.isEmpty { return }
            for name in names where try !removesAtOnce(name, in: top) { try empty(name) }
        }
    }

    /// Removes a file or an empty folder; false when `name` is a folder that isn't.
    private func removesAtOnce(_ name: [CChar], in folder: Int32) throws -> Bool {
        if unlinkat(folder, name, 0) == 0 { return true }
        guard errno == EISDIR else { throw failure }
        if unlinkat(folder, name, AT_REMOVEDIR) == 0 { return true }
        guard errno == ENOTEMPTY || errno == EEXIST else { throw failure }
        // Its owner may have locked himself out; and a folder that is moved must be writable.
        guard fchmodat(folder, name, 0o700, 0) == 0 else { throw failure }
        return false
    }

    /// Empties the folder `name` of the top; its own folders that aren't empty become the top's.
    private func empty(_ name: [CChar]) throws {
        let folder = openat(top, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { throw failure }
        defer { close(folder) }
        while case let children = try names(in: folder), !children.isEmpty {
            for child in children where try !removesAtOnce(child, in: folder) {
                moved += 1
                guard renameat(folder, child, top, ".moved-\(moved)") == 0 else { throw failure }
            }
        }
        guard unlinkat(top, name, AT_REMOVEDIR) == 0 else { throw failure }
    }

    private func names(in folder: Int32) throws -> [[CChar]] {
        guard let stream = fdopendir(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else { throw failure }
        defer { closedir(stream) }
        var names: [[CChar]] = []
        while names.count < Self.batch, let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { pointer in
                    Array(UnsafeBufferPointer(start: pointer, count: strlen(pointer) + 1))
                }
            }
            if name != [46, 0], name != [46, 46, 0] { names.append(name) }
        }
        return names
    }

    private var failure: SandboxError { .system(operation: "remove what is beneath", path: path, .current) }
}
