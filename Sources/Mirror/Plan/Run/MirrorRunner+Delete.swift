import ImageSpec
import RegistryClient

extension MirrorRunner {
    /// Deletes the destinations' tags that are to go.
    ///
    /// Nothing goes from a repository when one of those that fill it gave no list of its tags, or an empty one: what
    /// isn't known to be there still is, isn't known to be gone.
    func delete(beyond selection: MirrorSelection) async -> [MirrorOutcome] {
        var outcomes: [MirrorOutcome] = []
        for repository in selection.repositories where repository.entry.deletions.kind != .none {
            for template in repository.entry.destinations {
                guard !Task.isCancelled else { return outcomes }
                outcomes += await delete(repository, template, selection)
            }
        }
        return outcomes
    }

    private func delete(
        _ repository: MirrorSelection.Repository,
        _ template: DestinationTemplate,
        _ selection: MirrorSelection
    ) async -> [MirrorOutcome] {
        let host = repository.entry.host
        guard let name = template.repository(of: host, repository.name) else {
            return [
                MirrorOutcome(
                    .failed,
                    source: "\(host)/\(repository.name)",
                    destination: "\(template)",
                    reason: "nothing is deleted: tags have repositories of their own there"
                )
            ]
        }
        let place = "\(template.host)/\(name)"
        if let reason = doubt(about: name, at: template.host, selection) {
            return [MirrorOutcome(.failed, destination: place, reason: "nothing is deleted: \(reason)")]
        }
        do {
            let client = try await registries.pushClient(for: template.host)
            let candidates = try await client.tags(of: name).filter {
                isToGo(ImageReference(host: template.host, repository: name, tag: $0), repository, template, selection)
            }
            let limit = repository.entry.deletions.limit
            guard candidates.count <= limit else {
                let reason = "nothing is deleted: \(candidates.count) tags would go, and 'delete_at_most' is \(limit)"
                return [MirrorOutcome(.failed, destination: place, reason: reason)]
            }
            var outcomes: [MirrorOutcome] = []
            for tag in candidates.sorted() { outcomes.append(await delete(tag, in: name, client)) }
            return outcomes
        } catch let error as RegistryClientError where error.isNotFound {
            // There is no such repository, so nothing is to go.
            return []
        } catch {
            return [MirrorOutcome(.failed, destination: place, reason: "nothing is deleted: \(error)")]
        }
    }

    /// Why it isn't certain what is gone from those that fill a repository; nil when it is.
    private func doubt(about name: RepositoryName, at host: RegistryHost, _ selection: MirrorSelection) -> String? {
        if selection.lacksRepositories { return "a source's repositories are not known" }
        for other in selection.repositories {
            let fills = other.entry.destinations.contains { template in
                guard template.host == host else { return false }
                let target = template.repository(of: other.entry.host, other.name)
                // Tags with repositories of their own may go to any.
                return target == nil || target == name
            }
            guard fills, other.entry.deletions.kind != .none || other.entry.tags.literals == nil else { continue }
            guard let tags = other.tags else { return "the tags of \(other.entry.host)/\(other.name) are not known" }
            guard !tags.isEmpty else { return "\(other.entry.host)/\(other.name) says that it has no tags" }
        }
        return nil
    }

    private func isToGo(
        _ destination: ImageReference,
        _ repository: MirrorSelection.Repository,
        _ template: DestinationTemplate,
        _ selection: MirrorSelection
    ) -> Bool {
        guard
            let tag = destination.tag, !tag.belongsToManifest, !selection.means(destination),
            let source = template.sourceTag(of: tag, host: repository.entry.host, repository: repository.name),
            repository.entry.tags.covers(source)
        else { return false }
        return repository.entry.deletions.kind == .unselected || repository.tags?.contains(source) == false
    }

    /// The tag alone: its manifest may have other names, be part of an index, or be what others refer to.
    private func delete(_ tag: Tag, in name: RepositoryName, _ client: RegistryClient) async -> MirrorOutcome {
        let destination = "\(client.registry)/\(name):\(tag)"
        do {
            if !options.isDryRun { try await client.delete(.tag(tag), in: name) }
            return MirrorOutcome(.deleted, destination: destination)
        } catch let error as RegistryClientError where [400, 404, 405].contains(error.refusedStatus) {
            return MirrorOutcome(
                .failed,
                destination: destination,
                reason: "the registry deletes no tag alone, and by its digest other tags might go with it: \(error)"
            )
        } catch {
            return MirrorOutcome(.failed, destination: destination, reason: "\(error)")
        }
    }
}
