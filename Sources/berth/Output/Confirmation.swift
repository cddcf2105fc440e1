/// Asks before something is removed.
enum Confirmation {
    /// - Parameter what: what will be removed.
    static func isGiven(of what: String) -> Bool {
        Terminal.report("WARNING! This will remove \(what).\nAre you sure you want to continue? [y/N]")
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
