import Foundation
import ImageSpec

/// What is kept beside the bytes of a download, so that another process can go on with it.
struct DownloadProgress: Codable, Sendable {
    /// A repository here that the blob is for.
    let repository: String
    /// In bytes.
    let size: Int64
    /// The bytes that are here: where each range begins and ends.
    let ranges: [[Int64]]

    init(repository: RepositoryName, size: Int64, present: ByteRangeSet) {
        self.repository = repository.rawValue
        self.size = size
        ranges = present.ranges.map { [$0.lowerBound, $0.upperBound] }
    }

    /// Nil when it isn't one.
    init?(_ bytes: [UInt8]) {
        guard let read = try? JSONDecoder().decode(DownloadProgress.self, from: Data(bytes)) else { return nil }
        self = read
    }

    var bytes: [UInt8] { (try? JSONEncoder().encode(self)).map(Array.init) ?? [] }

    /// What of a blob of `size` bytes is here.
    func present(of size: Int64) -> ByteRangeSet {
        guard size == self.size else { return ByteRangeSet() }
        return ByteRangeSet(
            ranges.compactMap { bounds in
                guard bounds.count == 2, 0 <= bounds[0], bounds[0] < bounds[1], bounds[1] <= size else { return nil }
                return bounds[0]..<bounds[1]
            }
        )
    }
}
