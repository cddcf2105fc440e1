/// Which network namespace a container's first process is born into.
enum NetworkChoice {
    /// A new one.
    case new
    /// The host's.
    case host
    /// One that is there.
    case join(NetworkNamespace)
}
