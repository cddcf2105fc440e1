import ImageSpec
import Storage

extension StoreCheck {
    /// Every manifest's bytes have its digest, say what its row says, and name what its repository has.
    func checkManifests(_ summary: inout CheckSummary) async throws {
        var last: RepositoryName?
        while true {
            let page = try await metadata.repositories(after: last, limit: Self.pageLength)
            for repository in page {
                summary.repositories += 1
                do {
                    try await checkManifests(in: repository, &summary)
                } catch let error as StorageError {
                    guard case .corruptRow = error else { throw error }
                    report(
                        .damage,
                        "repository \(repository): \(error); its other manifests were not looked at",
                        &summary
                    )
                }
            }
            guard page.count == Self.pageLength else { return }
            last = page.last
        }
    }

    private func checkManifests(in repository: RepositoryName, _ summary: inout CheckSummary) async throws {
        // A cache has what was asked for; what its manifests name besides is the upstream's.
        var isCache = false
        if case .cache = try await metadata.origin(of: repository) { isCache = true }
        var last: Digest?
        while true {
            let page = try await metadata.manifests(in: repository, after: last, byteLimit: Self.manifestPageSize)
            for entry in page {
                summary.manifests += 1
                let name = "manifest \(entry.stored.digest) in \(repository)"
                for problem in Self.problems(of: entry) { report(.damage, "\(name): \(problem)", &summary) }
                for link in entry.missing where !isCache {
                    report(
                        .remark,
                        "\(name): its \(link.kind.rawValue) \(link.digest) was deleted from there",
                        &summary
                    )
                }
            }
            guard let end = page.last else { return }
            last = end.stored.digest
        }
    }

    private static func problems(of entry: ManifestEntry) -> [String] {
        let computed = Digest.of(entry.stored.bytes, by: entry.stored.digest.algorithm)
        guard computed == entry.stored.digest else { return ["its bytes have the digest \(computed)"] }
        let manifest: Manifest
        do {
            manifest = try Manifest(parsing: entry.stored.bytes, contentType: entry.stored.mediaType)
        } catch {
            return ["its bytes can't be read: \(error.description)"]
        }
        let expected = NewManifest(manifest, digest: computed)
        var problems: [String] = []
        if entry.subject != expected.subject { problems.append("its row states another subject than its bytes") }
        if entry.artifactType != expected.artifactType {
            problems.append("its row states another artifact type than its bytes")
        }
        if entry.references != Set(expected.references) {
            problems.append("the rows of what it names are not what its bytes name")
        }
        return problems
    }
}
