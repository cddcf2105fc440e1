import ImageSpec
import ImageStore
import RegistryClient

/// All tags of a repository in a registry, to be pulled.
struct AllTags {
    private let references: [ImageReference]

    /// - Throws: ``ImageStoreError/noSuchImage(_:)`` for a repository without tags.
    init(of repository: ImageReference, at client: RegistryClient) async throws {
        references = try await client.tags(of: repository.repository).sorted().map { tag in
            ImageReference(host: repository.host, repository: repository.repository, tag: tag)
        }
        guard !references.isEmpty else { throw ImageStoreError.noSuchImage(repository.familiarRepository) }
    }

    /// Runs `body` for each tag, passing over those of signatures and other artifacts, and of other platforms' images.
    func forEach(_ body: (ImageReference) async throws -> Void) async throws {
        for reference in references {
            do {
                try await body(reference)
            } catch let error as ImageStoreError {
                switch error {
                case .notAnImage, .noManifestForPlatform: Terminal.report("Skipping: \(error)")
                default: throw error
                }
            }
        }
    }
}
