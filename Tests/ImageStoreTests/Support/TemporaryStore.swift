import FoundationEssentials
import Glibc
import ImageSpec
import ImageStore
import SystemPackage

/// A store in a temporary folder that goes with the value.
final class TemporaryStore: Sendable {
    let root: FilePath
    let store: ImageStore

    init() throws {
        var template = Array("/tmp/berth-store.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        root = FilePath(platformString: template)
        store = try ImageStore(root: root, layerProgram: Self.berth)
    }

    /// The built `berth`, which lies beside the tests.
    private static let berth = FilePath(CommandLine.arguments[0]).removingLastComponent().appending("berth")

    deinit {
        try? FileManager.default.removeItem(atPath: root.string)
    }

    /// Adds an image with one layer for each of `layers`; equal texts make shared blobs.
    @discardableResult
    func add(_ name: String, layers: [String], created: String? = nil, author: String = "") throws -> LocalImage {
        var files: [(descriptor: Descriptor, file: FilePath?)] = []
        for layer in layers {
            let file = root.appending("tmp").appending("layer-\(UInt64.random(in: 0...UInt64.max))")
            let descriptor = try FileDescriptor.open(
                file,
                .writeOnly,
                options: [.create],
                permissions: [.ownerReadWrite]
            )
            try descriptor.closeAfter { _ = try descriptor.writeAll(layer.utf8) }
            files.append((Descriptor(mediaType: .ociLayer, content: Array(layer.utf8)), file))
        }
        var config = ImageConfig(platform: .host, diffIDs: files.map(\.descriptor.digest))
        config.created = created
        config.author = author
        return try store.add(config: config, layers: files, as: ImageReference(name))
    }

    func text(of path: String) throws -> String {
        let file = try FileDescriptor.open(root.appending(FilePath(path).components), .readOnly)
        return try file.closeAfter {
            let size = try file.seek(offset: 0, from: .end)
            try file.seek(offset: 0, from: .start)
            return try String(unsafeUninitializedCapacity: Int(size)) { buffer in
                try file.read(into: UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }

    func write(_ text: String, to path: String) throws {
        let file = try FileDescriptor.open(
            root.appending(FilePath(path).components),
            .writeOnly,
            options: [.create, .truncate],
            permissions: [.ownerReadWrite]
        )
        try file.closeAfter { _ = try file.writeAll(text.utf8) }
    }
}
