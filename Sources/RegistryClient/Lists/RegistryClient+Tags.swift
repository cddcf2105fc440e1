import ImageSpec

extension RegistryClient {
    /// All tags of a repository, in the registry's order.
    ///
    /// - SeeAlso: OCI distribution-spec 1.1, "Listing Tags".
    package func tags(of repository: RepositoryName) async throws -> [Tag] {
        try await entries(at: url(repository, "tags/list"), access: .pull(repository)) { body in
            try ForeignJSON.decode(TagList.self, from: body).tags ?? []
        }.map { try Tag($0) }
    }

    private struct TagList: Decodable {
        let tags: [String]?
    }
}
