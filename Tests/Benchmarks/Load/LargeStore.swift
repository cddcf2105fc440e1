import Foundation
import ImageSpec
import SystemPackage

/// A berthd's data folder with many repositories, manifests and tags, made by SQL: to push them would take long.
///
/// One real image is pushed first; its rows are then copied with other names and digests, whatever columns they have,
/// so that only the columns named here need to be what they are.
struct LargeStore {
    /// Tags of the one repository that has many; each has a manifest and a config of its own.
    let tags: Int
    /// Repositories, that one included.
    let repositories: Int

    /// Comes first in the catalog.
    static let taggedRepository = "bench/a-tagged"
    static func tag(_ index: Int) -> String { "tag-" + padded(index) }
    /// The catalog's repository at `index`.
    static func repository(_ index: Int) -> String {
        index == 0 ? taggedRepository : "bench/repository-" + padded(index)
    }

    private static func padded(_ index: Int) -> String { String(format: "%07d", index) }

    func fill(_ folder: FilePath, on bench: Bench) throws {
        let layer = Array("a layer".utf8)
        let config = Self.config(0)
        let manifest = try bench.withServer(.berthd, data: folder) { server in
            try Connection(port: server.port)
                .pushImage(config: config, layers: [layer], to: Self.taggedRepository, tag: Self.tag(0))
        }
        let original = Image(
            manifest: manifest,
            config: Digest.of(config),
            layers: [descriptor(of: layer, Digest.of(layer), layerType)]
        )
        let database = Database(path: folder.appending("registry.sqlite").string)
        let location = try database.run("SELECT location FROM blobs WHERE digest = '\(original.config)';")
        let rows = bench.folder.appending("rows").string
        try writeImages(like: original, location: location, in: folder, rows: rows)
        try database.run(script(original: original, rows: rows, of: database))
        try FileManager.default.removeItem(atPath: rows)
    }

    private struct Image {
        let manifest: [UInt8]
        let config: Digest
        /// Descriptors.
        let layers: [String]
    }

    private static func config(_ index: Int) -> [UInt8] {
        Array(#"{"architecture":"amd64","os":"linux","image":\#(index)}"#.utf8)
    }

    /// Writes the configs' files, and a table of the images: number, config, location, size, manifest, its bytes.
    private func writeImages(like original: Image, location: String, in folder: FilePath, rows: String) throws {
        // Such as `blobs/sha256/e3/`, whose last part is the digest's first two digits, and a generation.
        let parts = location.components(separatedBy: original.config.hex)
        guard parts.count == 2, let end = parts.last, let start = parts.first?.dropLast(3) else {
            throw BenchmarkError("a blob's location is '\(location)'")
        }
        for number in 0..<256 {
            let path = folder.appending(start + String(format: "%02x", number)).string
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        var table: [UInt8] = []
        for index in 1..<tags {
            let config = Self.config(index)
            let digest = Digest.of(config)
            let here = "\(start)\(digest.hex.prefix(2))/\(digest.hex)\(end)"
            try Self.write(config, to: folder.appending(here))
            let manifest = imageManifest(config: descriptor(of: config, digest, configType), layers: original.layers)
            table += Array(
                "\(index)\u{1F}\(digest)\u{1F}\(here)\u{1F}\(config.count)\u{1F}\(Digest.of(manifest))\u{1F}".utf8
            )
            table += manifest
            table.append(0x1E)
        }
        try Data(table).write(to: URL(fileURLWithPath: rows))
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path,
            .writeOnly,
            options: [.create, .truncate],
            permissions: [.ownerReadWrite]
        )
        _ = try file.closeAfter { try file.writeAll(bytes) }
    }

    private func script(original: Image, rows: String, of database: Database) throws -> String {
        let repository = "(SELECT id FROM repositories WHERE name = '\(Self.taggedRepository)')"
        func manifest(in repository: String, _ digest: String) -> String {
            "(SELECT id FROM manifests WHERE repository_id = \(repository) AND digest = \(digest))"
        }
        let first = "'\(Digest.of(original.manifest))'"
        let firstManifest = manifest(in: repository, first)
        let newName = "printf('bench/repository-%07d', number)"
        let newRepository = "(SELECT id FROM repositories WHERE name = \(newName))"
        let blobs = "SELECT digest FROM manifest_references WHERE manifest_id = \(firstManifest)"
        let copies: [(table: String, source: String, rows: String, changes: [String: String])] = [
            (
                "blobs", "image", "digest = '\(original.config)'",
                ["digest": "image.config", "location": "image.location", "size": "image.size"]
            ),
            ("repository_blobs", "image", "digest = '\(original.config)'", ["digest": "image.config"]),
            (
                "manifests", "image", "id = \(firstManifest)",
                ["digest": "image.manifest", "bytes": "CAST(image.bytes AS BLOB)"]
            ),
            (
                "manifest_references", "image", "manifest_id = \(firstManifest)",
                [
                    "manifest_id": manifest(in: repository, "image.manifest"),
                    "digest": "iif(original.digest = '\(original.config)', image.config, original.digest)",
                ]
            ),
            (
                "tags", "image", "repository_id = \(repository)",
                [
                    "name": "printf('tag-%07d', number)",
                    "manifest_id": manifest(in: repository, "image.manifest"),
                ]
            ),
            ("repositories", "numbers", "name = '\(Self.taggedRepository)'", ["name": newName]),
            (
                "repository_blobs", "numbers", "repository_id = \(repository) AND digest IN (\(blobs))",
                ["repository_id": newRepository]
            ),
            ("manifests", "numbers", "id = \(firstManifest)", ["repository_id": newRepository]),
            (
                "manifest_references", "numbers", "manifest_id = \(firstManifest)",
                ["manifest_id": manifest(in: newRepository, first)]
            ),
            (
                "tags", "numbers", "repository_id = \(repository) AND name = '\(Self.tag(0))'",
                ["repository_id": newRepository, "manifest_id": manifest(in: newRepository, first)]
            ),
        ]
        return try """
        .bail on
        PRAGMA synchronous = OFF;
        CREATE TEMP TABLE image (number INTEGER PRIMARY KEY, config TEXT, location TEXT, size INTEGER,
            manifest TEXT, bytes TEXT);
        .import --ascii --schema temp \(rows) image
        CREATE TEMP TABLE numbers (number INTEGER PRIMARY KEY);
        WITH RECURSIVE n (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < \(repositories))
            INSERT INTO numbers SELECT number FROM n WHERE number < \(repositories);
        BEGIN;

        """ + copies.map { try database.copy($0.table, from: $0.source, where: $0.rows, changes: $0.changes) }.joined()
            + "COMMIT;\n"
    }
}
