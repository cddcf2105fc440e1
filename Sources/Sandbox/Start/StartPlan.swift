import CSandbox
import Glibc
import SystemPackage

/// All that the C side needs to start a container, decided and laid out beforehand.
struct StartPlan {
    /// The kernel's limit (`OVL_MAX_STACK`).
    static let maximumLayers = 500

    /// What the plan's pointers point into.
    private let strings = CStrings()
    private(set) var plan = berth_plan()

    init(_ container: Container, network: ContainerNetwork, streams: ContainerStreams) throws {
        let layout = try ProgramLayout(container, strings: strings)
        mapUser()
        plan.hostname = strings.string(layout.hostname.rawValue)
        try layOutRoot(container)
        layOutNetwork(network)
        plan.program = layout.program(container.configuration.process, streams: streams)
        plan.program.makes_working_directory = true
    }

    /// Whether the container has a user namespace, in which only root is mapped, to the caller.
    static var isRootless: Bool { geteuid() != 0 }

    /// Gives the plan to `body`, for as long as that runs.
    func withPlan<Result>(_ body: (UnsafePointer<berth_plan>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(strings) { try withUnsafePointer(to: plan, body) }
    }

    private mutating func mapUser() {
        guard Self.isRootless else { return }
        plan.user_map = strings.string("0 \(geteuid()) 1")
        plan.group_map = strings.string("0 \(getegid()) 1")
    }

    private mutating func layOutRoot(_ container: Container) throws {
        let folder = container.folder
        plan.mount_point = strings.string(folder.appending("root").string)

        plan.overlay_source = strings.string(container.id.rawValue)
        // overlayfs wants the highest first.
        let layers = try container.configuration.layers.reversed().map(absolute)
        var links = layers.enumerated().map { (name: "\($0.offset)", target: $0.element.string) }
        let lower = links.isEmpty ? "empty" : links.map(\.name).joined(separator: ":")
        links.append((name: "upper", target: folder.appending("upper").string))
        links.append((name: "work", target: folder.appending("work").string))
        plan.links = UnsafePointer(
            strings.array(
                links.map { berth_link(name: strings.string($0.name), target: strings.string($0.target)) }
            )
        )
        plan.link_count = links.count
        // A redirect or an index would tie the writable layer to this very stack of layers.
        let options = "lowerdir=\(lower),upperdir=upper,workdir=work,index=off,redirect_dir=nofollow"
        plan.overlay_options = strings.string(options + (Self.isRootless ? ",userxattr" : ""))
    }

    private mutating func layOutNetwork(_ network: ContainerNetwork) {
        switch network.choice {
        case .new: plan.network = Int32(BERTH_NETWORK_NEW)
        case .host: plan.network = Int32(BERTH_NETWORK_HOST)
        case .join(let namespace): plan.network = namespace.descriptor
        }
        let all = network.files.all.map { file in
            berth_file(
                name: strings.string(file.name),
                content: strings.string(file.content),
                length: file.content.utf8.count
            )
        }
        plan.files = UnsafePointer(strings.array(all))
        plan.file_count = all.count
        plan.masked_paths = UnsafePointer(strings.list(SystemPaths.masked))
        plan.read_only_paths = UnsafePointer(strings.list(SystemPaths.readOnly))
    }
}
