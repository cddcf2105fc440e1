import SystemPackage

extension RuntimeSpecification {
    /// All that is known of a container, before its start.
    ///
    /// - Parameters:
    ///   - identity: whom its first process runs as, by the image's account files.
    ///   - root: where the runtime finds the root.
    init(
        _ container: Container,
        network: ContainerNetwork,
        identity: ProcessIdentity,
        size: WindowSize?,
        root: FilePath,
        group: ContainerCgroup?
    ) throws {
        let configuration = container.configuration
        process = Process(configuration.process, of: container, identity: identity)
        process.consoleSize = size.map { Process.Size(height: $0.rows, width: $0.columns) }
        self.root = Root(path: root.string, readonly: configuration.mounts.hasReadOnlyRoot)
        let hasOwnName = !configuration.isolation.hostNamespaces.contains(.names)
        hostname = hasOwnName ? container.hostname.rawValue : nil
        mounts = try Mount.all(of: container, files: network.files.all)
        linux = try Linux(container, network: network, group: group)
        guard configuration.isolation.hasReaper else { return }
        let initial = try RuntimeInit()
        process.args = initial.words(for: process.args)
        mounts.append(initial.mount)
    }
}

extension RuntimeSpecification.Process {
    /// A process of a container's, be it the first or one that joins it.
    init(
        _ process: ContainerProcess,
        of container: Container,
        identity: ProcessIdentity,
        isPrivileged: Bool = false
    ) {
        let isolation = container.configuration.isolation
        let environment = ContainerEnvironment(process, of: container)
        terminal = process.hasTerminal
        user = User(
            uid: identity.user,
            gid: identity.group,
            additionalGids: [identity.group] + identity.supplementaryGroups
        )
        args = process.arguments
        env = environment.variables + (environment.needsHome ? ["HOME=\(identity.home)"] : [])
        cwd = process.workingDirectory
        // A runtime refuses what this kernel doesn't know, and what berth itself doesn't have.
        let held = CapabilitySet.ofThisProcess
        let names = (isPrivileged ? .all : isolation.capabilities).capabilities.filter(held.contains).map(\.name)
        // Another user than root loses them by the change of user, when runtimes don't make an effort to keep them.
        let own = identity.user == 0 ? names : []
        capabilities = Capabilities(bounding: names, effective: own, permitted: own)
        rlimits = isolation.limits.map {
            Limit(type: "RLIMIT_\($0.resource.rawValue.uppercased())", soft: $0.soft, hard: $0.hard)
        }
        noNewPrivileges = !isolation.allowsNewPrivileges
        oomScoreAdj = isolation.outOfMemoryScore
    }
}
