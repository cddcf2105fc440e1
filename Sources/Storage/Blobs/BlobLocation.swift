import Foundation
import ImageSpec

/// The key under which a blob store keeps a blob's bytes; only the store that made it knows what it means.
package struct BlobLocation: Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// A key that no bytes were ever stored under: `blobs/<algorithm>/<first two hex>/<hex>.<generation>`.
    ///
    /// Since it is new each time, two pushes of one digest, or a push and a collection, never fight over one file:
    /// the blob's row decides whose bytes are the blob, and the other file is litter.
    static func new(for digest: Digest) -> BlobLocation {
        let generation = UUID().uuidString.lowercased().filter { $0 != "-" }.prefix(16)
        return BlobLocation(
            rawValue: "blobs/\(digest.algorithm.rawValue)/\(digest.hex.prefix(2))/\(digest.hex).\(generation)"
        )
    }
}

extension BlobLocation: CustomStringConvertible {
    package var description: String { rawValue }
}
