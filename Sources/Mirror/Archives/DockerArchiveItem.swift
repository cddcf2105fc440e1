/// One image of a docker archive, as its `manifest.json` describes it.
///
/// - SeeAlso: the moby image specification, version 1.2, "Combined Image JSON + Filesystem Changeset Format".
struct DockerArchiveItem: Codable, Sendable {
    static let document = "manifest.json"

    /// The config's file.
    let config: String
    let repoTags: [String]?
    /// The layers' files, from the lowest to the highest.
    let layers: [String]

    enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repoTags = "RepoTags"
        case layers = "Layers"
    }
}
