import AsyncHTTPClient
import ImageSpec
import NIOHTTP1

extension RegistryClient {
    /// What refers to a manifest: its signatures, SBOMs and other artifacts.
    ///
    /// A registry that has no such list is asked for the tag that clients keep in its place.
    ///
    /// - Parameter artifactType: only those of this type; nil for all.
    /// - SeeAlso: OCI distribution-spec 1.1, "Listing Referrers", "Unavailable Referrers API".
    package func referrers(
        of subject: Digest,
        in repository: RepositoryName,
        artifactType: MediaType? = nil
    ) async throws -> [Descriptor] {
        let query = artifactType.map { "artifactType=\(PercentEncoding.encoded($0.rawValue, keeping: "/"))" }
        let url = try url(repository, "referrers/\(subject)", query: query)
        let all: [Descriptor]
        do {
            all = try await entries(at: url, access: .pull(repository)) { body in
                try ForeignJSON.decode(ImageIndex.self, from: body).manifests
            }
        } catch let error as RegistryClientError where error.isNotFound {
            all = try await taggedReferrers(of: subject, in: repository)?.manifests ?? []
        }
        // A registry may leave the choice to us.
        var seen: Set<Digest> = []
        return all.filter {
            (artifactType == nil || $0.artifactType == artifactType) && seen.insert($0.digest).inserted
        }
    }

    /// Stores a manifest that has a subject by its digest, and sees to it that it is listed as a referrer, also by a
    /// registry that doesn't do so itself.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Pushing Manifests with Subject".
    package func pushReferrer(_ manifest: ResolvedManifest, to repository: RepositoryName) async throws {
        let listed = try await push(manifest.manifest, as: .digest(manifest.digest), to: repository)
        guard let subject = manifest.manifest.subject?.digest, listed != subject else { return }
        var index = try await taggedReferrers(of: subject, in: repository) ?? ImageIndex(manifests: [])
        guard !index.manifests.contains(where: { $0.digest == manifest.digest }) else { return }
        index.manifests.append(manifest.referrerDescriptor)
        let document = try Manifest(parsing: canonicalJSON(index), contentType: .ociIndex)
        try await push(document, as: .tag(subject.referrersTag), to: repository)
    }

    /// The list of referrers that clients keep under a tag where the registry keeps none; nil when there is none.
    private func taggedReferrers(of subject: Digest, in repository: RepositoryName) async throws -> ImageIndex? {
        do {
            let resolved = try await manifest(.tag(subject.referrersTag), in: repository)
            guard case .index(let index) = resolved.manifest.content else { return nil }
            return index
        } catch let error as RegistryClientError where error.isNotFound {
            return nil
        }
    }
}
