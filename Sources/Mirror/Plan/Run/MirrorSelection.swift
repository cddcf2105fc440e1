import ImageSpec

/// What a plan means, after its sources were asked for what they have.
struct MirrorSelection: Sendable {
    /// A repository of a source.
    struct Repository: Sendable {
        let entry: MirrorEntry
        let name: RepositoryName
        /// All that the source has; nil when it wasn't asked, or gave no answer.
        let tags: Set<Tag>?
        let selected: Set<Tag>
    }

    var repositories: [Repository] = []
    var items: [MirrorItem] = []
    var failures: [MirrorOutcome] = []
    /// Whether it isn't even known which repositories one source has.
    var lacksRepositories = false
    /// What each destination's name is to stand for.
    private var owners: [ImageReference: ImageReference] = [:]

    /// Adds the images of a repository.
    mutating func add(_ repository: Repository) {
        repositories.append(repository)
        for tag in repository.selected.sorted() {
            let source = ImageReference(host: repository.entry.host, repository: repository.name, tag: tag)
            var destinations: [ImageReference] = []
            for template in repository.entry.destinations {
                do {
                    let destination = try template.reference(
                        host: repository.entry.host,
                        repository: repository.name,
                        tag: tag
                    )
                    if try claim(destination, for: source) { destinations.append(destination) }
                } catch {
                    failures.append(MirrorOutcome(.failed, source: "\(source)", reason: "\(error)"))
                }
            }
            guard !destinations.isEmpty else { continue }
            items.append(
                MirrorItem(source: source, destinations: destinations, entry: repository.entry, tags: repository.tags)
            )
        }
    }

    /// Whether something of the plan is to be called `destination`.
    func means(_ destination: ImageReference) -> Bool { owners[destination] != nil }

    private mutating func claim(_ destination: ImageReference, for source: ImageReference) throws -> Bool {
        guard destination != source else {
            throw MirrorError.invalidLocation("\(destination)", reason: "it is the source itself")
        }
        if let other = owners[destination] {
            guard other == source else {
                throw MirrorError.invalidLocation("\(destination)", reason: "\(other) goes there already")
            }
            return false
        }
        owners[destination] = source
        return true
    }
}
