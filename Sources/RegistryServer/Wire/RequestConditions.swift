import HTTPTypes
import ImageSpec
import Storage

/// What a request says must be so for it to be done.
///
/// - SeeAlso: RFC 9110, section 13.
struct RequestConditions {
    enum Outcome {
        /// Nothing stands against it.
        case holds
        /// The client has it: 304.
        case notModified
        /// 412.
        case failed
    }

    private let match: EntityTags?
    private let noneMatch: EntityTags?
    private let range: String?

    init(_ headers: HTTPFields) {
        match = EntityTags(headers, .ifMatch, takesWeak: false)
        noneMatch = EntityTags(headers, .ifNoneMatch, takesWeak: true)
        range = headers[.ifRange]
    }

    /// What they mean for a GET or HEAD of what has `digest`.
    func outcome(for digest: Digest) -> Outcome {
        if match?.include(digest) == false { return .failed }
        return noneMatch?.include(digest) == true ? .notModified : .holds
    }

    /// Whether a `Range` is to be heeded: not when the client has a part of something else. There are no dates here,
    /// so none agrees.
    func allowRange(of digest: Digest) -> Bool {
        guard let range else { return true }
        return range == EntityTags.text(of: digest) || range == digest.description
    }

    /// What they mean for a change at `reference`; nil when the request has none.
    func condition(at reference: ManifestReference) -> ManifestCondition? {
        guard match != nil || noneMatch != nil else { return nil }
        return ManifestCondition(at: reference, expected: match?.manifests, unexpected: noneMatch?.manifests)
    }
}
