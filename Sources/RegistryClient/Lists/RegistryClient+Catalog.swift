import FoundationEssentials
import ImageSpec

extension RegistryClient {
    /// How many names are asked for at once; docker's registry gives 100 unless told otherwise.
    private static let catalogPageSize = 1000

    /// All repositories that the registry shows to us, in its order.
    ///
    /// Docker's registry has this list, and so have most others; the OCI's specification doesn't.
    ///
    /// - SeeAlso: distribution's "HTTP API V2", "Listing Repositories".
    package func repositories() async throws -> [RepositoryName] {
        let text = "\(root.absoluteString)_catalog?n=\(Self.catalogPageSize)"
        guard let url = URL(string: text) else { throw RegistryClientError.invalidAddress(text) }
        return try await entries(at: url, access: .catalog) { body in
            try ForeignJSON.decode(Catalog.self, from: body).repositories ?? []
        }.map { try RepositoryName($0) }
    }

    private struct Catalog: Decodable {
        let repositories: [String]?
    }
}
