import Foundation
import SystemPackage

/// What docker-registry lists are folders, which are made here without it: to push that much would take hours.
enum DockerRegistryFolders {
    static func fillTags(_ count: Int, in root: FilePath) throws {
        let manifests = repositories(in: root).appending("\(LargeStore.taggedRepository)/_manifests")
        for index in 0..<count {
            let current = manifests.appending("tags/\(LargeStore.tag(index))/current")
            try makeFolder(current)
            try Data("sha256:\(String(repeating: "0", count: 64))".utf8)
                .write(to: URL(fileURLWithPath: current.appending("link").string))
        }
    }

    static func fillRepositories(_ count: Int, in root: FilePath) throws {
        for index in 0..<count {
            for folder in ["_layers", "_manifests", "_uploads"] {
                try makeFolder(repositories(in: root).appending("\(LargeStore.repository(index))/\(folder)"))
            }
        }
    }

    private static func repositories(in root: FilePath) -> FilePath {
        root.appending("docker/registry/v2/repositories")
    }

    private static func makeFolder(_ path: FilePath) throws {
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }
}
