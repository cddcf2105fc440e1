import CNetlink
import Glibc
import SystemPackage

/// One container's network, from before its start to after its end.
///
/// ```swift
/// let network = try ContainerNetwork(for: container)     // addresses are leased, ports are held
/// // … the container's process is cloned, with network.choice and network.files …
/// try network.connect(process)                           // it is reached, and reaches others
/// // … while it runs: network.addInterests(to: &set)
/// network.release()
/// ```
///
/// Whatever a killed monitor leaves of it, ``reap(_:)`` undoes.
final class ContainerNetwork {
    let choice: NetworkChoice
    /// What the container has in /etc.
    private(set) var files: NetworkFiles
    private(set) var state: NetworkState

    private let configuration: NetworkConfiguration
    private var holders: [PortHolder] = []
    private var membership: BridgeMembership?
    /// Those that may connect it, and the one that does.
    private var helpers: [any NetworkHelper] = []
    private var helper: (any NetworkHelper)?
    private let container: Container
    private var service: NetworkService?

    /// Decides on everything, takes an address and the ports; nothing is connected yet.
    ///
    /// - Throws: ``NetworkError``.
    init(for container: Container) throws {
        self.container = container
        configuration = container.configuration.network
        try configuration.validate()
        state = NetworkState(mode: configuration.mode)
        let hostname = container.hostname
        switch configuration.mode {
        case .none:
            choice = .new
            files = NetworkFiles(alone: hostname, configuration)
        case .host:
            choice = .host
            files = NetworkFiles(likeTheHost: hostname, configuration)
        case .container(let name):
            let owner = try NetworkOwner(name, for: container)
            choice = owner.choice
            files = owner.files
        case .bridge where StartPlan.isRootless:
            choice = .new
            files = NetworkFiles(alone: hostname, configuration)
            try prepareHelpers(hostname)
        case .bridge:
            choice = .new
            files = NetworkFiles(alone: hostname, configuration)
            try joinBridge(container, hostname)
        }
    }

    deinit {
        release()
    }

    private func joinBridge(_ container: Container, _ hostname: Hostname) throws {
        holders = try PortHolder.hold(configuration.mappings)
        let ports = holders.map(\.port)
        let membership = try BridgeMembership(of: container, ports: ports)
        self.membership = membership
        state = membership.state
        files = NetworkFiles(hostname, configuration, state)
    }

    private func prepareHelpers(_ hostname: Hostname) throws {
        // A helper takes them itself; this is for the word that is plain, and for ports of the kernel's choice.
        holders = try PortHolder.hold(configuration.mappings)
        state.ports = holders.map(\.port)
        do throws(NetworkError) {
            helpers = try HelperProgram.helpers(for: container.folder)
        } catch {
            // Its user has been told.
            guard configuration.mappings.isEmpty else { throw error }
            return
        }
        if let first = helpers.first { files = NetworkFiles(behindHelper: hostname, configuration, first) }
    }

    /// Has the first helper connect the process that can.
    private func connectByHelper(_ process: pid_t) throws {
        var failures: [any Error] = []
        for helper in helpers {
            do {
                state.ports = try helper.connect(process, ports: state.ports)
                self.helper = helper
                // What the container has in /etc is by the first.
                return failures.isEmpty ? () : try rewriteResolver(for: helper)
            } catch {
                helper.stop()
                failures.append(error)
            }
        }
        throw failures.count == 1 ? failures[0] : NetworkError.helpersFailed(failures.map { "\($0)" })
    }

    /// In place, for the container has this very file mounted; its program doesn't run yet.
    private func rewriteResolver(for helper: any NetworkHelper) throws {
        let hostname = container.hostname
        files = NetworkFiles(behindHelper: hostname, configuration, helper)
        let path = container.folder.appending("resolv.conf")
        let file = open(path.string, O_WRONLY | O_TRUNC | O_NOFOLLOW | O_CLOEXEC)
        // The user has mounted another one.
        guard file >= 0 || errno != ENOENT else { return }
        defer { if file >= 0 { close(file) } }
        guard file >= 0, writeAll(Array(files.resolver.utf8)[...], to: file) else {
            throw SandboxError.system(operation: "write", path: path, .current)
        }
    }

    /// Whether another program connects it.
    var hasHelper: Bool { !helpers.isEmpty }

    /// Connects the container's process, which is ready and doesn't run its program yet.
    func connect(_ process: pid_t) throws {
        if hasHelper {
            // From here on they are the helper's.
            holders = []
            try connectByHelper(process)
        }
        guard let membership else { return }
        let sockets = try membership.connect(process)
        let directory = NameDirectory(membership.folder, root: membership.root, links: configuration.links)
        service = NetworkService(
            holders,
            addresses: membership.lease.addresses,
            nameServer: NameServer(
                sockets,
                directory,
                servers: files.servers,
                areOfContainer: !configuration.resolver.servers.isEmpty
            )
        )
    }

    // MARK: While it runs

    /// When there is something to do though nothing happens.
    var deadline: Deadline? { service?.deadline }

    func addInterests(to set: inout PollSet) {
        service?.addInterests(to: &set)
    }

    // MARK: The end

    /// Gives everything back; it may be called again.
    func release() {
        service = nil
        helper?.stop()
        (helper, helpers) = (nil, [])
        // Before the ports: whoever takes one of those next finds it free in the firewall, too.
        membership?.release()
        membership = nil
        holders = []
    }

    /// Undoes what a killed monitor left of a container's network; nothing, where nothing is left.
    static func reap(_ container: Container) throws {
        guard container.configuration.network.mode == .bridge else { return }
        guard !StartPlan.isRootless else { return Pasta.stop(in: container.folder) }
        try BridgeMembership.reap(container.id)
    }
}
