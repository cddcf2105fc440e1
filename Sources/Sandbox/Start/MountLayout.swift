import CSandbox
import Glibc
import SystemPackage

/// Lays out what the C side is to mount in a container.
struct MountLayout {
    let container: Container
    let strings: CStrings

    /// The files of /etc first: the user may have something at their places.
    func mounts(files: [(name: String, content: String)]) throws -> [berth_mount] {
        let mounts = try container.mounts
        let targets = Set(mounts.map(\.target))
        return try files.filter { !targets.contains("/etc/\($0.name)") }.map(file) + mounts.map(mount)
    }

    /// A file in the container's folder, which the container sees at /etc: it is no change of its writable layer, and
    /// can be written from outside while the container runs; in place, for the container has this very file.
    static func write(_ file: (name: String, content: String), of container: Container) throws -> FilePath {
        let path = container.folder.appending(file.name)
        let bytes = Array(file.content.utf8)
        // Most often it says at a second start what it said at the first; to replace a file is to wait for the disk.
        if !isOurs(path) || (try? readFile(at: path, limit: bytes.count)) != bytes {
            try replaceFile(at: path, with: bytes, isDurable: false)
        }
        guard chmod(path.string, 0o644) == 0 else {
            throw SandboxError.system(operation: "write", path: path, .current)
        }
        return path
    }

    /// Whether the file is as it was made: a container's root may have given it away.
    private static func isOurs(_ path: FilePath) -> Bool {
        var status = stat()
        return lstat(path.string, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1
            && status.st_uid == geteuid() && status.st_gid == getegid()
    }

    private func file(_ file: (name: String, content: String)) throws -> berth_mount {
        let path = try Self.write(file, of: container)
        var mount = berth_mount()
        mount.source = strings.string(path.string)
        mount.target = strings.string("/etc/\(file.name)")
        mount.attributes = UInt64(MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)
        if container.configuration.mounts.hasReadOnlyRoot { mount.attributes |= UInt64(MOUNT_ATTR_RDONLY) }
        mount.propagation = UInt64(MS_PRIVATE)
        mount.covers_link = true
        return mount
    }

    private func mount(_ wanted: Mount) throws -> berth_mount {
        var mount = berth_mount()
        mount.target = strings.string(wanted.target)
        if wanted.isReadOnly { mount.attributes |= UInt64(MOUNT_ATTR_RDONLY) }
        // A node for any device of the host may be in there.
        if !container.configuration.isolation.isPrivileged { mount.attributes |= UInt64(MOUNT_ATTR_NODEV) }
        mount.is_recursive = wanted.isRecursive
        mount.propagation =
            switch wanted.propagation {
            case .private: UInt64(MS_PRIVATE)
            case .slave: UInt64(MS_SLAVE)
            case .shared: UInt64(MS_SHARED)
            }
        switch wanted.source {
        case .bind(let path):
            mount.source = strings.string(path)
        case .volume(let name, let isAnonymous):
            let volumes = try VolumeStore(root: container.store.root)
            mount.source = strings.string(try volumes.findOrCreate(name, isAnonymous: isAnonymous).folder.string)
        case .memory(let options):
            if !options.allowsExecution { mount.attributes |= UInt64(MOUNT_ATTR_NOEXEC) }
            if !options.allowsSetID { mount.attributes |= UInt64(MOUNT_ATTR_NOSUID) }
            let settings = options.settings.sorted { $0.key < $1.key }.map {
                berth_option(key: strings.string($0.key), value: strings.string($0.value))
            }
            mount.options = UnsafePointer(strings.array(settings))
            mount.option_count = settings.count
        }
        return mount
    }
}

extension Container {
    private static let sharedMemory = "/dev/shm"

    /// What is mounted beside what every container has, what stands higher in the tree first: what its user wants, and the
    /// host's shared memory where that is wished, and its user has nothing else there.
    var mounts: [Mount] {
        get throws {
            var mounts = configuration.mounts.mounts
            let path = Self.sharedMemory
            guard configuration.isolation.hostNamespaces.contains(.memory),
                !mounts.contains(where: { $0.target == path })
            else { return mounts }
            let below = mounts.firstIndex { $0.target.hasPrefix("\(path)/") }
            mounts.insert(try Mount(.bind(path: path), at: path, of: path), at: below ?? mounts.endIndex)
            return mounts
        }
    }
}
