import CSandbox

/// All that the C side needs to start a command of a runtime.
struct RuntimePlan {
    /// What the plan's pointers point into.
    private let strings = CStrings()
    private let container: UnsafeMutablePointer<berth_plan>?
    private var plan = berth_runtime_plan()

    /// - Parameters:
    ///   - root: the container whose root is to be mounted for the command; nil for none.
    ///   - streams: its standard streams; -1 for /dev/null.
    init(
        _ program: RuntimeProgram,
        arguments: [String],
        root: Container?,
        streams: ContainerStreams
    ) throws {
        if let root {
            var layout = berth_plan()
            try RootLayout(container: root, strings: strings).layOut(into: &layout)
            layout.is_privileged = root.configuration.isolation.isPrivileged
            container = strings.array([layout])
        } else {
            container = nil
        }
        plan.container = UnsafePointer(container)
        plan.path = strings.string(program.path)
        plan.arguments = UnsafePointer(strings.list([program.path] + arguments))
        plan.environment = UnsafePointer(strings.list(["PATH=\(RuntimeProgram.systemPath)"]))
        plan.input = streams.input ?? -1
        plan.output = streams.output
        plan.error = streams.error
    }

    /// Gives the plan to `body`, for as long as that runs.
    func withPlan<Result>(_ body: (UnsafePointer<berth_runtime_plan>) throws -> Result) rethrows -> Result {
        try withExtendedLifetime(strings) { try withUnsafePointer(to: plan, body) }
    }
}
