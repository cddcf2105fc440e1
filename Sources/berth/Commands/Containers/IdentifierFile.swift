import Glibc
import Sandbox
import SystemPackage

/// The file that `--cidfile` names, made before the container, so that no container is made for a file that can't be.
struct IdentifierFile {
    private let path: String

    /// - Throws: ``ContainerOptionError``.
    init(at path: String) throws(ContainerOptionError) {
        guard access(path, F_OK) != 0 else { throw .identifierFileExists(path) }
        self.path = path
    }

    func write(_ identifier: ContainerIdentifier) throws(ContainerOptionError) {
        do {
            let file = try FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.create, .exclusiveCreate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead]
            )
            _ = try file.closeAfter { try file.writeAll("\(identifier)".utf8) }
        } catch {
            throw .cannotWrite(file: path, reason: "\(error)")
        }
    }
}
