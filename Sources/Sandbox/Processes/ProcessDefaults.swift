/// How an image wants to be run.
package struct ProcessDefaults: Sendable {
    package var entrypoint: [String] = []
    package var command: [String] = []
    /// `NAME=value` each.
    package var environment: [String] = []
    /// Absolute; empty for `/`.
    package var workingDirectory = ""
    /// As in ``UserSpecification/init(_:)``.
    package var user = ""

    package init() {}
}
