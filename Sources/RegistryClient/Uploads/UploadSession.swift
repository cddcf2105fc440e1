import FoundationEssentials
import NIOHTTP1

/// An upload session at a registry, as the registry described it last.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Pushing a blob in chunks".
struct UploadSession: Sendable {
    var location: URL
    /// How many bytes the registry has.
    var offset: Int64
    /// The smallest chunk that the registry takes, in bytes, when it speaks of chunks at all.
    var minimumChunk: Int64?

    /// Whether each answer's address is good for exactly the bytes that came until then, as in CNCF's distribution:
    /// it forgets the session of a chunk that was cut, so only a chunk is at stake when chunks are sent.
    var isBoundToOffset: Bool { location.query()?.contains("_state=") == true }

    /// How many bytes a registry says it has; nil when it doesn't say so.
    ///
    /// `0-0` means one byte by the letter, but none in CNCF's distribution and those that follow it: 1.
    static func offset(in headers: HTTPHeaders) -> Int64? {
        guard let range = headers.first(name: "Range") else { return nil }
        let text = range.hasPrefix("bytes=") ? range.dropFirst(6) : range[...]
        let bounds = text.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count == 2, bounds[0] == "0", let last = Int64(bounds[1]), last >= 0, last < .max else {
            return nil
        }
        return last + 1
    }
}
