import SystemPackage

/// Our own client: pulled layers are unpacked.
struct BerthClient: ImageClient {
    let program: String
    let store: FilePath

    private var command: [String] { [program, "--root", store.string] }

    func pull(_ name: String) -> [String] { command + ["pull", "--quiet", name] }

    /// Copies an image without keeping it in the store.
    func copy(_ name: String, to location: String) -> [String] { command + ["copy", "--quiet", name, location] }

    func push(_ source: String, as name: String) -> [[String]] {
        [command + ["tag", source, name], command + ["push", "--quiet", name]]
    }
}
