import ImageSpec
import RegistryClient

extension MirrorRunner {
    /// Asks the sources which of their tags are meant.
    func select() async -> MirrorSelection {
        var selection = MirrorSelection()
        for entry in plan.entries {
            guard !Task.isCancelled else { break }
            do {
                for name in try await repositories(of: entry) { await select(name, of: entry, into: &selection) }
            } catch {
                selection.lacksRepositories = true
                selection.failures.append(MirrorOutcome(.failed, source: entry.sourceName, reason: "\(error)"))
            }
        }
        return selection
    }

    private func repositories(of entry: MirrorEntry) async throws -> [RepositoryName] {
        switch entry.repositories {
        case .one(let name):
            return [name]
        case .matching(let pattern):
            let all: [RepositoryName]
            if let origin {
                all = origin.repositories(of: entry.host)
            } else {
                all = try await registries.client(for: entry.host).repositories()
            }
            let matching = all.filter { pattern.matches($0.rawValue) }
            guard !matching.isEmpty else {
                throw MirrorError.notFound("repository \(pattern.text)", in: "\(entry.host)")
            }
            return matching.sorted()
        }
    }

    private func select(_ name: RepositoryName, of entry: MirrorEntry, into selection: inout MirrorSelection) async {
        let source = "\(entry.host)/\(name)"
        do {
            let isNamed = entry.tags.literals != nil && entry.deletions.kind == .none
            // Their names need no list, unless it is to be told which of them are gone.
            let tags = isNamed && origin == nil ? nil : try await tags(of: name, of: entry)
            let selected = tags.map(entry.tags.select) ?? entry.tags.literals ?? []
            // Tags that are asked for by their names have to be there.
            let missing = (entry.tags.literals ?? []).filter { tags?.contains($0) == false }
            for tag in missing where entry.deletions.kind == .none {
                selection.failures.append(
                    MirrorOutcome(.failed, source: "\(source):\(tag)", reason: "the source has no such tag")
                )
            }
            // Of many repositories, some may have none that are meant.
            if selected.isEmpty, missing.isEmpty, case .one = entry.repositories {
                selection.failures.append(
                    MirrorOutcome(
                        .failed,
                        source: source,
                        reason: tags?.isEmpty == true ? "the source has no tags" : "none of its tags is meant"
                    )
                )
            }
            tell(.selected(repository: source, tags: selected.count))
            selection.add(
                MirrorSelection.Repository(
                    entry: entry,
                    name: name,
                    tags: tags.map { Set($0) },
                    selected: Set(selected)
                )
            )
        } catch {
            selection.failures.append(MirrorOutcome(.failed, source: source, reason: "\(error)"))
            selection.add(MirrorSelection.Repository(entry: entry, name: name, tags: nil, selected: []))
        }
    }

    private func tags(of name: RepositoryName, of entry: MirrorEntry) async throws -> [Tag] {
        if let origin { return origin.tags(of: name, at: entry.host) }
        return try await registries.client(for: entry.host).tags(of: name)
    }
}
