/// Another process to run in a container that runs.
package struct ExecConfiguration: Sendable, Codable {
    package var process: ContainerProcess
    /// Whether anybody may type to it.
    package var isInputOpen = false
    /// Whether it has all capabilities.
    package var isPrivileged = false

    package init(process: ContainerProcess) {
        self.process = process
    }
}
