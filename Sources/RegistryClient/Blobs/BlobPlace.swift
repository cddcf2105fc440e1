import FoundationEssentials
import ImageSpec

/// A place that a blob can be asked for at.
struct BlobPlace: Sendable {
    /// How many addresses of one foreign layer are tried.
    private static let maximumForeignPlaces = 8

    let url: URL
    /// Whether that is none of the registry's, and nothing of ours may be told there.
    var isForeign = false

    /// Where a foreign layer's descriptor says that it is: by HTTPS only, and never with a password in the address.
    ///
    /// Who writes a manifest chooses these addresses, so they must not lead to what plain HTTP alone protects.
    static func foreign(of descriptor: Descriptor) -> [BlobPlace] {
        guard descriptor.mediaType.isNonDistributable else { return [] }
        return descriptor.urls.prefix(maximumForeignPlaces).compactMap { text in
            guard let url = URL(string: text), url.scheme?.lowercased() == "https", url.host()?.isEmpty == false,
                url.user() == nil
            else { return nil }
            return BlobPlace(url: url, isForeign: true)
        }
    }
}
