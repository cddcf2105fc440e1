/// What a user wants otherwise than the image does.
package struct ProcessOverrides: Sendable {
    /// Replaces the image's command; empty to keep it.
    package var command: [String] = []
    /// Replaces the image's entrypoint, and drops its command; empty for none at all.
    package var entrypoint: String?
    /// `NAME=value` to set a variable, `NAME` to drop it.
    package var environment: [String] = []
    /// Whether a variable that is set anew stays where it was, and others follow, as docker's `exec` has it. Else those that
    /// are set here come first, as docker's `run` has it.
    package var keepsVariablesInPlace = false
    /// Absolute.
    package var workingDirectory: String?
    /// As in ``UserSpecification/init(_:)``.
    package var user: String?
    package var hasTerminal = false

    package init() {}
}
