import ArgumentParser

/// How a transfer tells how far it is.
enum ProgressStyle: String, CaseIterable, ExpressibleByArgument {
    /// In place on a terminal, else plain.
    case auto
    /// A line for each thing that is done.
    case plain
    /// A JSON object a line, for programs.
    case json
}
