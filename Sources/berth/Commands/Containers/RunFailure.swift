import Sandbox

/// Why `berth run` could not run the container's program, with docker's exit statuses for it.
///
/// - SeeAlso: docker's "docker run", "Exit status".
struct RunFailure: Error {
    let cause: any Error
    /// Another status than the one that the cause has.
    private let otherStatus: Int32?

    init(cause: any Error, status: Int32? = nil) {
        self.cause = cause
        otherStatus = status
    }

    /// 127 when the program isn't in the container, 126 when it can't be executed, 125 for everything else.
    var status: Int32 { otherStatus ?? (cause as? SandboxError)?.exitStatus ?? 125 }
}
