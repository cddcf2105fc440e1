import Glibc
import SystemPackage

/// Where an archive's bytes go.
protocol ArchiveOutput: AnyObject {
    func write(_ bytes: UnsafeRawBufferPointer) throws(LayerFailure)
}

extension LayerBlobWriter: ArchiveOutput {}

/// An open file, pipe or socket as it is.
final class OpenArchiveOutput: ArchiveOutput {
    private let file: FileDescriptor
    /// Whether nobody takes the bytes any more, who then knows better why.
    private(set) var isBroken = false

    init(_ file: FileDescriptor) {
        self.file = file
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(LayerFailure) {
        do {
            try file.writeAll(bytes)
        } catch {
            isBroken = error as? Errno == .brokenPipe
            throw LayerFailure("the archive can't be written: \(error)", isOfTheMachine: true)
        }
    }
}
