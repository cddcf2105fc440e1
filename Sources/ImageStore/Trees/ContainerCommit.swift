import ImageSpec

/// What an image made of a container has that neither its files nor the container's image say.
package struct ContainerCommit: Sendable {
    /// RFC 3339.
    package var created: String
    package var author: String?
    /// For the image's history.
    package var message: String?
    /// What the container ran, for the history.
    package var command: String
    /// How the image is to be run.
    package var execution: ImageExecution

    package init(created: String, command: String, execution: ImageExecution) {
        self.created = created
        self.command = command
        self.execution = execution
    }
}
