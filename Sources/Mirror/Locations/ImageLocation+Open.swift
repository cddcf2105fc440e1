import ImageSpec
import RegistryClient

extension ImageLocation {
    /// Opens what is to be copied from.
    ///
    /// - Parameter client: gives who talks to a registry.
    package func openSource(
        client: (RegistryHost) async throws -> RegistryClient
    ) async throws -> any ImageSource {
        switch self {
        case .registry(let reference):
            RegistryImage(reference, client: try await client(reference.host))
        case .layout(let path, let name):
            LayoutSource(files: FolderFiles(path: path), image: name, name: description)
        case .archive(let path, let name):
            LayoutSource(files: try TarFile(at: path), image: name, name: description)
        case .dockerArchive(let path, let reference):
            try DockerArchiveSource(archive: TarFile(at: path), image: reference, name: description)
        }
    }

    /// Opens what is to be copied to.
    ///
    /// - Parameters:
    ///   - source: names an image that is copied to a docker archive, unless the location does.
    ///   - client: gives who talks to a registry.
    package func openDestination(
        from source: ImageLocation,
        client: (RegistryHost) async throws -> RegistryClient
    ) async throws -> any ImageDestination {
        switch self {
        case .registry(let reference):
            RegistryImage(reference, client: try await client(reference.host))
        case .layout(let path, let image):
            LayoutDestination(path: path, image: image, name: description)
        case .archive(let path, let image):
            try ArchiveDestination(path: path, image: image, name: description)
        case .dockerArchive(let path, let reference):
            try DockerArchiveDestination(path: path, tag: reference ?? source.taggedReference, name: description)
        }
    }

    private var taggedReference: ImageReference? {
        switch self {
        case .registry(let reference), .dockerArchive(_, let reference?):
            reference.tag.map { ImageReference(host: reference.host, repository: reference.repository, tag: $0) }
        default: nil
        }
    }
}

extension ImageLocation: CustomStringConvertible {
    package var description: String {
        switch self {
        case .registry(let reference): reference.familiarName
        case .layout(let path, let name): "oci:\(path)\(name.map(\.description) ?? "")"
        case .archive(let path, let name): "oci-archive:\(path)\(name.map(\.description) ?? "")"
        case .dockerArchive(let path, let reference):
            "docker-archive:\(path)" + (reference.map { ":\($0.familiarName)" } ?? "")
        }
    }
}
