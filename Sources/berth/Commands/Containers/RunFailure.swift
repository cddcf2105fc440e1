import Sandbox

/// Why `berth run` could not run the container's program, with docker's exit statuses for it.
///
/// - SeeAlso: docker's "docker run", "Exit status".
struct RunFailure: Error {
    let cause: any Error

    /// 127 when the program isn't in the container, 126 when it can't be executed, 125 for everything else.
    var status: Int32 {
        switch cause as? SandboxError {
        case .commandNotFound: 127
        case .commandNotExecutable: 126
        default: 125
        }
    }
}
