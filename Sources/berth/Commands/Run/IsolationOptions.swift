import ArgumentParser
import Sandbox
import Seccomp
import SystemPackage

/// How a container is kept from the host, as the command line says it.
struct IsolationOptions: ParsableArguments {
    @Flag(help: "Keep nothing from the container's root: neither capabilities nor devices.")
    var privileged = false

    @Option(help: ArgumentHelp("Give the container's root a capability; ALL for every one.", valueName: "name"))
    var capAdd: [String] = []

    @Option(help: ArgumentHelp("Take a capability from the container's root; ALL for every one.", valueName: "name"))
    var capDrop: [String] = []

    @Option(
        help: ArgumentHelp(
            "no-new-privileges=false, or seccomp=unconfined or =FILE for another profile than the standard one.",
            valueName: "name=value"
        )
    )
    var securityOpt: [String] = []

    @Option(help: ArgumentHelp("Let the container use a device of the host's.", valueName: "path[:path][:rwm]"))
    var device: [String] = []

    @Option(help: ArgumentHelp("Set a kernel setting that the container has for itself.", valueName: "name=value"))
    var sysctl: [String] = []

    @Option(help: ArgumentHelp("Limit what a process may use; -1 for no limit.", valueName: "name=soft[:hard]"))
    var ulimit: [String] = []

    @Option(help: ArgumentHelp("A group beside the user's own.", valueName: "group"))
    var groupAdd: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How soon to end it when memory runs out, from -1000 to 1000.", valueName: "number")
    )
    var oomScoreAdj: Int?

    @Flag(name: .customLong("init"), help: "Run the program behind one that passes signals on and buries orphans.")
    var usesInit = false

    @OptionGroup var namespaces: NamespaceOptions
}

extension IsolationOptions {
    var configuration: IsolationConfiguration {
        get throws {
            var configuration = IsolationConfiguration()
            let security = try SecurityOptions(securityOpt)
            configuration.isPrivileged = privileged
            let capabilities = try CapabilitySet(adding: capAdd, dropping: capDrop)
            configuration.capabilities = privileged ? .all : capabilities
            configuration.allowsNewPrivileges = security.allowsNewPrivileges ?? privileged
            configuration.securityOptions = securityOpt
            configuration.devices = try device.map { try DeviceMapping($0) }
            configuration.settings = try sysctl.map { try KernelSetting($0) }
            configuration.limits = try limits
            configuration.outOfMemoryScore = try oomScoreAdj.map {
                try ContainerOptionError.checked($0, "--oom-score-adj", in: -1000...1000)
            }
            configuration.groups = groupAdd
            configuration.hasReaper = usesInit
            configuration.hostNamespaces = try namespaces.hostNamespaces
            return configuration
        }
    }

    /// The last word on each resource.
    private var limits: [ResourceLimit] {
        get throws {
            var limits: [ResourceLimit] = []
            for limit in try ulimit.map({ try ResourceLimit($0) }) {
                limits.removeAll { $0.resource == limit.resource }
                limits.append(limit)
            }
            return limits
        }
    }

    /// The instructions of the container's seccomp filter; empty for none.
    ///
    /// - Parameter root: the folder that images and containers are kept in.
    func filter(_ configuration: IsolationConfiguration, root: FilePath) throws -> [UInt8] {
        let names = Set(configuration.capabilities.capabilities.map(\.name))
        switch try SecurityOptions(securityOpt).seccomp {
        case .unconfined: return []
        case .profile(let path):
            return try SeccompFilter(SeccompProfile(contentsOf: path), capabilities: names).instructions
        case .standard where configuration.isPrivileged: return []
        case .standard:
            let cache = SeccompFilterCache(folder: root.appending("seccomp"))
            return try cache.standardFilter(capabilities: names, bits: configuration.capabilities.bits)
        }
    }

    /// The same in the form that runtimes take; empty for none.
    func runtimeFilter(_ configuration: IsolationConfiguration) throws -> [UInt8] {
        let names = Set(configuration.capabilities.capabilities.map(\.name))
        switch try SecurityOptions(securityOpt).seccomp {
        case .unconfined: return []
        case .profile(let path): return try SeccompProfile(contentsOf: path).specification(capabilities: names)
        case .standard where configuration.isPrivileged: return []
        case .standard: return try SeccompProfile.standard.specification(capabilities: names)
        }
    }
}
