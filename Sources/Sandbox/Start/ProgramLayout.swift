import CSandbox
import Glibc

/// Lays out what the C side needs of a program, be it a container's first or one that joins it.
struct ProgramLayout {
    let strings: CStrings
    let container: Container
    let isolation: IsolationConfiguration
    let hostname: Hostname
    /// Whether the container has other groups than root.
    let hasGroups: Bool
    /// Instructions of a seccomp filter; empty for none.
    let filter: [UInt8]

    init(_ container: Container, strings: CStrings) throws {
        self.strings = strings
        self.container = container
        isolation = container.configuration.isolation
        hostname = container.hostname
        hasGroups = !StartPlan.isRootless || container.configuration.userMap != nil
        filter = isolation.isFiltered ? try FilterFile(in: container.folder).read() : []
    }

    func program(_ process: ContainerProcess, streams: ContainerStreams) -> berth_program {
        var program = berth_program()
        layOut(ContainerEnvironment(process, of: container), into: &program)
        program.arguments = UnsafePointer(strings.list(process.arguments))
        program.working_directory = strings.string(process.workingDirectory)
        program.has_user_namespace = StartPlan.isRootless
        program.sets_groups = hasGroups
        program.capabilities = isolation.capabilities.bits
        program.no_new_privileges = !isolation.allowsNewPrivileges
        if !filter.isEmpty {
            program.filter = UnsafeRawPointer(strings.array(filter))
            program.filter_length = filter.count / MemoryLayout<UInt64>.size
        }
        program.limits = UnsafePointer(strings.array(isolation.limits.map(limit)))
        program.limit_count = isolation.limits.count
        program.out_of_memory_score = isolation.outOfMemoryScore.map { strings.string("\($0)") }
        program.group_folder = -1
        program.terminal = process.hasTerminal
        program.input = streams.input ?? -1
        program.output = streams.output
        program.error = streams.error
        return program
    }

    private func limit(_ limit: ResourceLimit) -> berth_limit {
        berth_limit(
            name: strings.string(limit.resource.rawValue),
            resource: limit.resource.number,
            soft: limit.soft,
            hard: limit.hard
        )
    }

    private func layOut(_ environment: ContainerEnvironment, into program: inout berth_program) {
        // The child puts HOME in the last place, once it is known.
        let variables = environment.variables + (environment.needsHome ? ["HOME=/"] : [])
        program.environment = strings.list(variables)
        program.home_index = environment.needsHome ? variables.count - 1 : -1
        program.candidates = UnsafePointer(strings.list(environment.candidates))
    }
}
