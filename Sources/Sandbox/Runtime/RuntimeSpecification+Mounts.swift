import SystemPackage

extension RuntimeSpecification.Mount {
    private static let closed = ["nosuid", "noexec", "nodev"]

    /// What every container has, the files of /etc, and what the user wants; one that is for the place of another
    /// replaces it.
    static func all(of container: Container, files: [(name: String, content: String)]) throws -> [Self] {
        let configuration = container.configuration
        let wanted = try container.mounts.map { try Self($0, of: container) }
        let targets = Set(wanted.map(\.destination))
        let own = system(configuration) + (try files.map { try Self(file: $0, of: container) })
        return own.filter { !targets.contains($0.destination) } + wanted
    }

    private static func system(_ configuration: ContainerConfiguration) -> [Self] {
        let access = configuration.isolation.isPrivileged ? "rw" : "ro"
        let memory = ["mode=1777", "size=\(configuration.mounts.sharedMemorySize)"]
        let groups = Self("/sys/fs/cgroup", "cgroup", "cgroup", closed + ["relatime", access])
        return [
            Self("/proc", "proc", "proc", closed),
            Self("/dev", "tmpfs", "tmpfs", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Self(
                "/dev/pts",
                "devpts",
                "devpts",
                ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"]
            ),
            Self("/sys", "sysfs", "sysfs", closed + [access]),
            Self("/dev/mqueue", "mqueue", "mqueue", closed),
            Self("/dev/shm", "tmpfs", "shm", closed + memory),
        ] + (VisibleCgroups.all().isEmpty ? [] : [groups])
    }

    private init(_ destination: String, _ type: String, _ source: String, _ options: [String]) {
        self.init(destination: destination, type: type, source: source, options: options)
    }

    private init(file: (name: String, content: String), of container: Container) throws {
        let path = try MountLayout.write(file, of: container)
        let access = container.configuration.mounts.hasReadOnlyRoot ? "ro" : "rw"
        self.init("/etc/\(file.name)", "bind", path.string, ["bind", "rprivate", access] + Self.closed)
    }

    private init(_ mount: Mount, of container: Container) throws {
        // A node for any device of the host may be in there.
        var options = container.configuration.isolation.isPrivileged ? [] : ["nodev"]
        options.append(mount.isReadOnly ? "ro" : "rw")
        func bind(_ path: String) -> Self {
            options += [mount.isRecursive ? "rbind" : "bind"]
            options += [(mount.isRecursive ? "r" : "") + mount.propagation.rawValue]
            // What is mounted below, too: `ro` is for the topmost only.
            if mount.isReadOnly, mount.isRecursive { options.append("rro") }
            return Self(mount.target, "bind", path, options)
        }
        switch mount.source {
        case .bind(let path):
            self = bind(path)
        case .volume(let name, let isAnonymous):
            let volumes = try VolumeStore(root: container.store.root)
            self = bind(try volumes.findOrCreate(name, isAnonymous: isAnonymous).folder.string)
        case .memory(let memory):
            if !memory.allowsExecution { options.append("noexec") }
            if !memory.allowsSetID { options.append("nosuid") }
            options += memory.settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            self.init(mount.target, "tmpfs", "tmpfs", options)
        }
    }
}
