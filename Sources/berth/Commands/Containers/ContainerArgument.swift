import ArgumentParser

extension CompletionKind {
    /// The names of the containers of this host.
    static var containers: CompletionKind { .shellCommand("berth ps -a --format '{{.Names}}' 2>/dev/null") }
}
