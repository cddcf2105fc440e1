/// What a user wants otherwise than the image does.
package struct ProcessOverrides: Sendable {
    /// Replaces the image's command; empty to keep it.
    package var command: [String] = []
    /// Replaces the image's entrypoint, and drops its command; empty for none at all.
    package var entrypoint: String?
    /// `NAME=value` to set a variable, `NAME` to drop it.
    package var environment: [String] = []
    /// Absolute.
    package var workingDirectory: String?
    /// As in ``UserSpecification/init(_:)``.
    package var user: String?
    package var hasTerminal = false

    package init() {}
}
