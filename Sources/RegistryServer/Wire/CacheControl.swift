/// What caches on the way may do with an answer, as `Cache-Control` says it.
///
/// - SeeAlso: RFC 9111, section 5.2.2; RFC 8246.
enum CacheControl {
    /// What a digest names never changes.
    static let immutable = "max-age=31536000, immutable"
    /// Ask each time whether it is still so; a 304 costs little.
    static let revalidated = "no-cache"
}
