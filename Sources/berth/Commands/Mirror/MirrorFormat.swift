import ArgumentParser

/// How the report of a mirror is printed.
enum MirrorFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}
