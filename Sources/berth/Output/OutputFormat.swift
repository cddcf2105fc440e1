import ArgumentParser

/// How a command prints what it tells.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
