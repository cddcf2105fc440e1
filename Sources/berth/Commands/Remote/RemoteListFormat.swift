import ArgumentParser

/// How the commands that list what a registry has print it.
enum RemoteListFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    /// As the registry's own lists are, in one document.
    case json
}
