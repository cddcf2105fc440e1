import Glibc

/// What Ctrl-C does: it ends the program at once, with the shells' status for that, and says what stays.
///
/// Whatever a transfer has written is good to go on from at any instant, so there is nothing to tidy up.
enum Interruption {
    case pull
    case push
    case copy
    /// A copy to an archive, which is whole or not there.
    case archive
    /// The system's own way.
    case nothing

    static func handle(_ interruption: Interruption) {
        // Only what is allowed in a signal's handler: no allocation, no locks.
        switch interruption {
        case .pull:
            signal(SIGINT) { _ in
                end(saying: "berth: interrupted; what was downloaded is kept, and the next pull goes on from there\n")
            }
        case .push:
            signal(SIGINT) { _ in
                end(saying: "berth: interrupted; what was sent is kept, and the next push goes on from there\n")
            }
        case .copy:
            signal(SIGINT) { _ in
                end(
                    saying: "berth: interrupted; what is whole at the destination is not copied again by the next try\n"
                )
            }
        case .archive:
            signal(SIGINT) { _ in
                end(saying: "berth: interrupted; no archive was written\n")
            }
        case .nothing:
            signal(SIGINT, SIG_DFL)
        }
    }
}

/// Ends with 128 and the signal's number.
private func end(saying message: StaticString) -> Never {
    _ = write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
    _exit(128 + SIGINT)
}
