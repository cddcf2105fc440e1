import ArgumentParser

extension CompletionKind {
    /// The names of the images of this host.
    static var images: CompletionKind {
        .shellCommand("berth images --filter dangling=false --format '{{.Repository}}:{{.Tag}}' 2>/dev/null")
    }
}
