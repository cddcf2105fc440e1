import ImageSpec
import NIOCore
import RegistryClient

/// An image of layers that don't compress: to be sent to and fro.
///
/// Each layer is an empty tar archive, and what follows its end.
struct LayeredImage: Sendable {
    let layers: [[UInt8]]
    let config: [UInt8]
    let manifest: Manifest
    let descriptors: [Descriptor]

    /// - Parameter sizes: in bytes, of the layers.
    init(sizes: [Int], seed: UInt64 = .random(in: 0 ... .max)) throws {
        layers = sizes.enumerated().map { number, size in
            // Two blocks of zeros end a tar archive.
            [UInt8](repeating: 0, count: 1024) + pseudorandomBytes(size - 1024, seed: seed &+ UInt64(number))
        }
        descriptors = layers.map { Descriptor(mediaType: .ociLayer, content: $0) }
        config = try canonicalJSON(ImageConfig(platform: .host, diffIDs: descriptors.map(\.digest)))
        manifest = try Manifest(
            ImageManifest(config: Descriptor(mediaType: .ociConfig, content: config), layers: descriptors)
        )
    }

    /// In bytes, of the layers and the config.
    var size: Int { layers.map(\.count).reduce(config.count, +) }

    var digests: Set<Digest> { Set(descriptors.map(\.digest) + [.of(config)]) }

    /// Puts the image into a registry, as `latest`.
    func push(to repository: String, at host: RegistryHost) async throws {
        try await push(to: repository, by: RegistryClient(registry: host))
    }

    /// Puts the image into a registry, as `latest`.
    func push(to repository: String, by client: RegistryClient) async throws {
        let repository = try RepositoryName(repository)
        for content in layers + [config] {
            let descriptor = Descriptor(mediaType: .octetStream, content: content)
            _ = try await client.push(descriptor, to: repository) { start in
                AsyncStream { stream in
                    stream.yield(ByteBuffer(bytes: content[Int(start)...]))
                    stream.finish()
                }
            }
        }
        try await client.push(manifest, as: .tag(.latest), to: repository)
    }
}
