/// Which network namespace a container's first process is born into.
enum NetworkChoice {
    /// A new one.
    case new
    /// The host's.
    case host
    /// One that is there.
    case join(NetworkNamespace)
    /// That of a process, with the user namespace that it belongs to: an ordinary user's network can be had no other way.
    case enter(HeldProcess)
}
