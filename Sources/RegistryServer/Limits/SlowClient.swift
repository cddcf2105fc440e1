/// A client sent its body more slowly than the server waits for.
struct SlowClient: Error, CustomStringConvertible {
    /// In bytes a second.
    let minimumRate: Int

    var description: String {
        "the body came more slowly than the \(minimumRate) bytes a second that this registry waits for"
    }
}
