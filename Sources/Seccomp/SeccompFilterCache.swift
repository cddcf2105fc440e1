import CSeccomp
import Glibc
import SystemPackage

/// The filters of the standard profile that were made before: a file each, since making one takes longer than the rest
/// of a container's start.
///
/// A filter depends on the capabilities, the kernel and the library; each has a file of its own, which is written once.
package struct SeccompFilterCache: Sendable {
    /// Grows with every change of ``SeccompProfile/standard`` or of how filters are made of it.
    private static let version = 1

    private let folder: FilePath

    /// - Parameter folder: made when something is to be kept in it.
    package init(folder: FilePath) {
        self.folder = folder
    }

    /// The standard profile's filter for a container whose root has these capabilities.
    ///
    /// A cache that can't be read or written costs time only.
    package func standardFilter(capabilities: Set<String>, bits: UInt64) throws(SeccompError) -> [UInt8] {
        let path = folder.appending(name(bits: bits))
        if let bytes = read(path) { return bytes }
        let bytes = try SeccompFilter(.standard, capabilities: capabilities).instructions
        write(bytes, to: path)
        return bytes
    }

    private func name(bits: UInt64) -> String {
        let host = SeccompHost.current
        let library = seccomp_version().map { "\($0.pointee.major).\($0.pointee.minor).\($0.pointee.micro)" } ?? "0"
        let kernel = host.kernel.map(String.init).joined(separator: ".")
        return "\(Self.version)-\(String(bits, radix: 16))-\(host.architecture)-\(kernel)-\(library).bpf"
    }

    private func read(_ path: FilePath) -> [UInt8]? {
        let file = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: SeccompFilter.maximumLength * SeccompInstruction.size + 1)
        let count = Glibc.read(file, &bytes, bytes.count)
        guard count > 0, count < bytes.count, count.isMultiple(of: SeccompInstruction.size) else { return nil }
        return Array(bytes[..<count])
    }

    private func write(_ bytes: [UInt8], to path: FilePath) {
        _ = mkdir(folder.string, 0o700)
        // Half a filter must never be found: the file is whole, and on the disk, before it has its name.
        var template = Array(path.string.utf8CString.dropLast()) + Array(".XXXXXX".utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else { return }
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        let isWritten = Glibc.write(file, bytes, bytes.count) == bytes.count && fsync(file) == 0
        close(file)
        guard isWritten, rename(template, path.string) == 0 else {
            unlink(template)
            return
        }
    }
}
