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
        let original = Image(manifest: manifest, config: Digest.of(config))
        let database = Database(path: folder.appending("registry.sqlite").string)
        let location = try database.run("SELECT location FROM blobs WHERE digest = '\(original.config)';")
        let rows = bench.folder.appending("rows.csv").string
        try writeImages(like: original, location: location, in: folder, rows: rows)
        try database.run(script(original: original, rows: rows, of: database))
        try FileManager.default.removeItem(atPath: rows)
    }

    private struct Image {
        let manifest: [UInt8]
        let config: Digest
    }

    private static func config(_ index: Int) -> [UInt8] {
        Array(#"{"architecture":"amd64","os":"linux","image":\#(index)}"#.utf8)
    }

    /// Writes the configs' files, and a table of the images: index, config, location, manifest, its bytes.
    private func writeImages(like original: Image, location: String, in folder: FilePath, rows: String) throws {
        let template = String(decoding: original.manifest, as: UTF8.self)
        let size = "\"size\":\(Self.config(0).count)}"
        var table = ""
        for index in 1..<tags {
            let config = Self.config(index)
            let digest = Digest.of(config)
            // The folder is of the digest's first two digits.
            let here = location.replacing(original.config.hex, with: digest.hex)
                .replacing("/\(original.config.hex.prefix(2))/", with: "/\(digest.hex.prefix(2))/")
            let path = folder.appending(here).string
            if !FileManager.default.createFile(atPath: path, contents: Data(config)) {
                let parent = FilePath(path).removingLastComponent().string
                try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
                try Data(config).write(to: URL(fileURLWithPath: path))
            }
            let bytes = template.replacing("\(original.config)", with: "\(digest)")
                .replacing(size, with: "\"size\":\(config.count)}", maxReplacements: 1)
            let quoted = bytes.replacing("\"", with: "\"\"")
            table += "\(index),\(digest),\(here),\(config.count),\(Digest.of(Array(bytes.utf8))),\"\(quoted)\"\n"
        }
        try table.write(toFile: rows, atomically: false, encoding: .utf8)
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
        .import --csv --schema temp \(rows) image
        CREATE TEMP TABLE numbers (number INTEGER PRIMARY KEY);
        WITH RECURSIVE n (number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < \(repositories))
            INSERT INTO numbers SELECT number FROM n WHERE number < \(repositories);
        BEGIN;

        """ + copies.map { try database.copy($0.table, from: $0.source, where: $0.rows, changes: $0.changes) }.joined()
            + "COMMIT;\n"
    }
}
