import SystemPackage

extension LocalBusybox {
    /// Starts a container on its own, and returns its ID.
    @discardableResult
    func start(_ options: [String] = [], _ command: String...) async throws -> String {
        try await berth(["run", "-d"] + options + [name] + command).output()
    }

    /// A field of a container's, as `inspect --format` has it.
    func inspect(_ container: String, _ template: String) async throws -> String {
        try await berth("inspect", "--format", template, container).output()
    }

    /// `ps -a` by a template, a line each.
    func list(_ template: String, _ options: String...) async throws -> [String] {
        try await berth(["ps", "-a", "--format", template] + options).output().split(separator: "\n").map(String.init)
    }
}
