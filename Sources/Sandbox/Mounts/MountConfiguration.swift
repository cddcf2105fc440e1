/// What a container has mounted beside what every container has.
package struct MountConfiguration: Sendable, Equatable {
    /// What stands higher in the tree comes first.
    package private(set) var mounts: [Mount] = []
    package var hasReadOnlyRoot = false
    /// In bytes, of /dev/shm.
    package var sharedMemorySize: UInt64 = 64 << 20

    package init() {}

    /// - Parameters:
    ///   - wanted: what the user asked for.
    ///   - imageVolumes: paths that the image wants volumes at, unless the user has something there.
    /// - Throws: ``SandboxError/duplicateMountPoint(_:)``, ``SandboxError/invalidMount(_:reason:)``.
    package init(_ wanted: [Mount], imageVolumes: some Sequence<String> = []) throws(SandboxError) {
        var mounts = wanted
        var targets: Set<String> = []
        for mount in wanted {
            guard targets.insert(mount.target).inserted else { throw .duplicateMountPoint(mount.target) }
        }
        for path in imageVolumes {
            let volume = try Mount(Mount.anonymousVolume(), at: path, of: path)
            if targets.insert(volume.target).inserted { mounts.append(volume) }
        }
        self.mounts = mounts.sorted { (Self.depth($0), $0.target) < (Self.depth($1), $1.target) }
    }

    private static func depth(_ mount: Mount) -> Int { mount.target.split(separator: "/").count }
}

extension MountConfiguration: Codable {
    private enum CodingKeys: String, CodingKey {
        case mounts, hasReadOnlyRoot, sharedMemorySize
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        mounts = try values.decode(.mounts, default: mounts)
        hasReadOnlyRoot = try values.decode(.hasReadOnlyRoot, default: hasReadOnlyRoot)
        sharedMemorySize = try values.decode(.sharedMemorySize, default: sharedMemorySize)
    }
}
