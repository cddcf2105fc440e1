import ImageSpec

/// The key under which a blob store keeps a blob's bytes; only the store that made it knows what it means.
package struct BlobLocation: Sendable, Hashable {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// `blobs/<algorithm>/<first two hex>/<hex>.<generation>`.
    ///
    /// Since the generation is new each time, two pushes of one digest, or a push and a collection, never fight over
    /// one file: the blob's row decides whose bytes are the blob, and the other file is litter.
    init(of digest: Digest, generation: String) {
        rawValue = "blobs/\(digest.algorithm.rawValue)/\(digest.hex.prefix(2))/\(digest.hex).\(generation)"
    }

    /// The digest and generation that the location was made of; nil when it was made by somebody else.
    var parts: (digest: Digest, generation: Substring)? {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 4, let dot = parts[3].firstIndex(of: ".") else { return nil }
        guard let digest = try? Digest("\(parts[1]):\(parts[3][..<dot])") else { return nil }
        let generation = parts[3][parts[3].index(after: dot)...]
        return BlobLocation(of: digest, generation: String(generation)) == self ? (digest, generation) : nil
    }
}

extension BlobLocation: CustomStringConvertible {
    package var description: String { rawValue }
}
