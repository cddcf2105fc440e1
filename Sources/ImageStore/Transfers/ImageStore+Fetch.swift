import ImageSpec
import RegistryClient

extension ImageStore {
    /// How often a blob is fetched that proves wrong: a torn file, a broken proxy, a bad cable.
    private static let maximumFetches = 3

    /// Brings a blob into the layout, unless it is there; verified, flushed, and safe among processes.
    ///
    /// - Parameters:
    ///   - feed: gives the bytes to somebody else as they come, unless they are here or another process fetches them.
    ///   - onBytes: told how many bytes are here, from time to time.
    func fetch(
        _ descriptor: Descriptor,
        of repository: RepositoryName,
        from client: RegistryClient,
        feeding feed: BlobFeed? = nil,
        onBytes: (Int64) -> Void = { _ in }
    ) async throws {
        defer { feed?.fail() }
        guard let partial = try await PartialBlob.open(descriptor.digest, in: layout, onWait: onBytes) else { return }
        var fetches = 1
        while true {
            // The bytes that were here may be the wrong ones: a crash can tear a file that was not flushed.
            let prefix = try partial.prefix(ofAtMost: descriptor.size)
            var position = prefix.length
            partial.begin(feed, at: position)
            do {
                try await client.fetch(descriptor, in: repository, after: prefix) { buffer in
                    try partial.append(buffer, at: position)
                    position += Int64(buffer.readableBytes)
                    feed?.advance(to: position)
                    onBytes(position)
                }
                break
            } catch RegistryClientError.wrongContent where prefix.length > 0 || fetches < Self.maximumFetches {
                feed?.fail()
                try partial.clear()
                if prefix.length == 0 { fetches += 1 }
            } catch let error as RegistryClientError {
                // Of content that proves wrong nothing stays.
                if case .wrongContent = error { try partial.clear() }
                throw error
            }
        }
        feed?.finish()
        try partial.commit()
    }
}
