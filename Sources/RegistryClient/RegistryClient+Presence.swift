import AsyncHTTPClient
import FoundationEssentials
import ImageSpec
import NIOHTTP1

/// What a registry says of a manifest without sending it.
package enum ManifestPresence: Sendable, Equatable {
    case missing
    /// The digest is nil where the registry doesn't tell it.
    case present(Digest?)
}

extension RegistryClient {
    /// Asks whether there is such a manifest, and which.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Checking if content exists in the registry".
    package func presence(
        of reference: ManifestReference,
        in repository: RepositoryName
    ) async throws -> ManifestPresence {
        let request = manifestRequest(.HEAD, try url(repository, "manifests/\(reference)"), repository)
        let response = try await send(request, expecting: [200, 404])
        guard response.status == .ok else { return .missing }
        return .present(response.headers.first(name: "Docker-Content-Digest").flatMap { try? Digest($0) })
    }

    /// Asks how many bytes a blob has.
    ///
    /// - Returns: nil when there is no such blob.
    /// - Throws: ``RegistryClientError/invalidResponse(url:reason:)`` when the registry doesn't say.
    package func blobSize(_ digest: Digest, in repository: RepositoryName) async throws -> Int64? {
        let url = try url(repository, "blobs/\(digest)")
        let response = try await send(
            RegistryRequest(method: .HEAD, url: url, access: .pull(repository)),
            expecting: [200, 404]
        )
        guard response.status == .ok else { return nil }
        guard let size = response.headers.first(name: "Content-Length").flatMap({ Int64($0) }), size >= 0 else {
            throw RegistryClientError.invalidResponse(url: url.withoutQuery, reason: "it has no Content-Length")
        }
        return size
    }
}
