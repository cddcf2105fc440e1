import Foundation
import ImageSpec
import SystemPackage

/// An image of this machine's own programs, libraries and documents, in several layers, in a server's store.
struct RealImage {
    static let repository = "bench/real"
    static let tag = "latest"
    private static let layers = 5
    private static let layerType = "application/vnd.oci.image.layer.v1.tar+gzip"

    /// Compressed and of all layers, in bytes: about that much.
    let size: Int

    /// Fills a server's folder with the image.
    func fill(_ folder: FilePath, on bench: Bench) throws {
        let scratch = bench.folder.appending("image")
        try FileManager.default.createDirectory(atPath: scratch.string, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: scratch.string) }
        let files = try Self.files()
        try bench.withServer(.berthd, data: folder) { server in
            let connection = try Connection(port: server.port)
            var (diffIDs, layers): ([String], [String]) = ([], [])
            var rest = files[...]
            for number in 0..<Self.layers {
                let layer = try Self.layer(number, of: &rest, size: size / Self.layers, in: scratch)
                guard !layer.blob.isEmpty else { break }
                diffIDs.append(#""\#(layer.diffID)""#)
                layers.append(try connection.push(layer.blob, mediaType: Self.layerType, to: Self.repository))
            }
            let config = """
                {"architecture":"amd64","os":"linux","config":{"Cmd":["sh"]},\
                "rootfs":{"type":"layers","diff_ids":[\(diffIDs.joined(separator: ","))]}}
                """
            let descriptor = try connection.push(Array(config.utf8), mediaType: configType, to: Self.repository)
            try connection.putManifest(
                imageManifest(config: descriptor, layers: layers),
                to: Self.repository,
                tag: Self.tag
            )
        }
    }

    /// Regular files and links, with their sizes, in an order that is the same each time.
    private static func files() throws -> [(path: Substring, size: Int)] {
        let folders = ["/usr/bin", "/usr/lib/x86_64-linux-gnu", "/usr/lib/python3", "/usr/share", "/usr/lib"]
        var files: [(path: Substring, size: Int)] = []
        var paths: Set<Substring> = []
        for folder in folders where FileManager.default.fileExists(atPath: folder) {
            for file in try Self.files(in: folder) where paths.insert(file.path).inserted { files.append(file) }
        }
        return files
    }

    private static func files(in folder: String) throws -> [(path: Substring, size: Int)] {
        let list = try Program.run(
            "find",
            folder,
            "-xdev",
            "(",
            "-type",
            "f",
            "-size",
            "-16384k",
            "-o",
            "-type",
            "l",
            ")",
            "-printf",
            "%s %p\\n"
        )
        var files: [(path: Substring, size: Int)] = []
        for line in list.split(separator: "\n") {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let size = Int(parts[0]) else { continue }
            files.append((parts[1], size))
        }
        return files.sorted { $0.path < $1.path }
    }

    /// Cuts files off the list until the layer is large enough.
    private static func layer(
        _ number: Int,
        of files: inout ArraySlice<(path: Substring, size: Int)>,
        size: Int,
        in folder: FilePath
    ) throws -> (diffID: Digest, blob: [UInt8]) {
        // Such files become less than half of their size.
        var left = size * 5 / 2
        var names = ""
        while left > 0, let file = files.popFirst() {
            left -= file.size
            names += "\(file.path.dropFirst())\n"
        }
        let (list, tar) = (folder.appending("\(number).txt").string, folder.appending("\(number).tar").string)
        try names.write(toFile: list, atomically: false, encoding: .utf8)
        try Program.run(
            "tar",
            "--create",
            "--file",
            tar,
            "--directory",
            "/",
            "--no-recursion",
            "--owner=0",
            "--group=0",
            "--files-from",
            list
        )
        let plain = try [UInt8](Data(contentsOf: URL(fileURLWithPath: tar)))
        try Program.run("gzip", "--force", tar)
        return (.of(plain), try [UInt8](Data(contentsOf: URL(fileURLWithPath: tar + ".gz"))))
    }
}
