/// Which kind of thing a request is for; a small set, for logs and metrics.
package enum RequestRoute: Int, CaseIterable, Sendable {
    case version
    case catalog
    case manifest
    case tags
    case referrers
    case blob
    /// Opening of upload sessions, mounts and blobs in one request.
    case uploads
    /// One upload session.
    case upload
    /// `/livez` and `/readyz`.
    case health
    case other

    package var name: String {
        switch self {
        case .version: "version"
        case .catalog: "catalog"
        case .manifest: "manifest"
        case .tags: "tags"
        case .referrers: "referrers"
        case .blob: "blob"
        case .uploads: "uploads"
        case .upload: "upload"
        case .health: "health"
        case .other: "other"
        }
    }
}
