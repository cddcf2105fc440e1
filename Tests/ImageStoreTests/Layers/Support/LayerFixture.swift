import Foundation
import ImageSpec
import ImageStore
import SystemPackage

/// A layer store in a temporary folder that goes with the value.
final class LayerFixture: Sendable {
    let folder: FilePath
    let root: FilePath
    let store: LayerStore

    init(limits: LayerLimits = LayerLimits()) throws {
        var template = Array("/tmp/berth-layers.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        folder = FilePath(platformString: template)
        chmod(folder.string, 0o755)
        root = folder.appending("root")
        var store = try LayerStore(root: root, program: Self.berth)
        store.limits = limits
        self.store = store
    }

    deinit {
        _ = try? Shell.run("rm -rf --one-file-system \(folder)")
    }

    /// The built `berth`, which lies beside the tests.
    private static let berth = FilePath(ProcessInfo.processInfo.arguments[0]).removingLastComponent().appending("berth")

    /// Writes a blob and gives its path.
    func blob(_ bytes: [UInt8], named name: String = "blob") throws -> FilePath {
        let path = folder.appending(name)
        try Data(bytes).write(to: URL(filePath: path.string))
        return path
    }

    /// Unpacks a plain archive under its right diff ID.
    @discardableResult
    func unpack(_ archive: [UInt8], named name: String = "blob") async throws -> FilePath {
        let diffID = Digest.of(archive)
        try await store.unpack(blobAt: blob(archive, named: name), as: diffID)
        return store.directory(of: diffID)
    }

    /// What is left in the store that is no layer.
    var litter: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: root.appending("tmp").string)
                + FileManager.default.contentsOfDirectory(atPath: root.appending("layers/locks").string)
        }
    }

    var layers: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: root.appending("layers/sha256").string) }
    }
}
