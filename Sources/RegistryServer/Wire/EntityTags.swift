import HTTPTypes
import ImageSpec
import Storage

/// The entity tags that a conditional request names. The entity tag of everything here is its digest.
///
/// - SeeAlso: RFC 9110, sections 8.8.3 and 13.1.
enum EntityTags: Equatable {
    case any
    /// Without their quotes.
    case tags([Substring])

    /// Reads `If-Match` or `If-None-Match`; nil when the request has no such header.
    ///
    /// A digest without quotes is taken too: docker's registry does.
    ///
    /// - Parameter takesWeak: whether `W/"…"` counts; it does where bytes needn't be the same.
    init?(_ headers: HTTPFields, _ name: HTTPField.Name, takesWeak: Bool) {
        let values = headers[values: name]
        guard !values.isEmpty else { return nil }
        var tags: [Substring] = []
        for entry in values.lazy.flatMap({ $0.split(separator: ",") }) {
            var tag = entry.drop { $0 == " " || $0 == "\t" }
            while let last = tag.last, last == " " || last == "\t" { tag.removeLast() }
            if tag == "*" {
                self = .any
                return
            }
            if tag.hasPrefix("W/") {
                guard takesWeak else { continue }
                tag = tag.dropFirst(2)
            }
            if tag.count > 1, tag.hasPrefix("\""), tag.hasSuffix("\"") { tag = tag.dropFirst().dropLast() }
            tags.append(tag)
        }
        self = .tags(tags)
    }

    /// The entity tag of what has `digest`, as it is written.
    static func text(of digest: Digest) -> String { "\"\(digest)\"" }

    func include(_ digest: Digest) -> Bool {
        switch self {
        case .any: true
        case .tags(let tags): tags.contains { $0 == digest.description }
        }
    }

    /// What they mean for a change to a manifest.
    var manifests: ManifestCondition.Manifests {
        switch self {
        case .any: .any
        case .tags(let tags): .among(tags.compactMap { try? Digest($0) })
        }
    }
}
