import AsyncHTTPClient
import ImageSpec
import NIOHTTP1

extension RegistryClient {
    /// Deletes a tag, or a manifest with all its tags.
    ///
    /// Not every registry deletes: docker's knows no deletion of a tag alone, and deletes manifests only where it is
    /// configured to. Such a registry refuses by status 400, 404 or 405.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Content Management".
    package func delete(_ reference: ManifestReference, in repository: RepositoryName) async throws {
        let request = RegistryRequest(
            method: .DELETE,
            url: try url(repository, "manifests/\(reference)"),
            access: .delete(repository)
        )
        _ = try await send(request, expecting: [200, 202, 204])
    }
}
