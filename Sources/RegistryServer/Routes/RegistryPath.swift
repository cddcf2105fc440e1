import Foundation
import HTTPTypes
import ImageSpec
import Storage

/// What a path under `/v2/` names.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Endpoints".
enum RegistryPath: Equatable {
    case version
    case catalog
    case blob(RepositoryName, Digest)
    case uploads(RepositoryName)
    case upload(RepositoryName, UploadID)
    case manifest(RepositoryName, ManifestReference)
    case tags(RepositoryName)
    case referrers(RepositoryName, Digest)

    /// Reads a path with its percent-encodings; nil when it names nothing here.
    ///
    /// A repository's name may itself have parts named `blobs` or `manifests`, so the path is read from its end.
    ///
    /// - Throws: ``ImageSpecError`` when a name, tag or digest in it isn't valid; ``WireError`` for an upload's id.
    init?(_ path: String) throws {
        guard path == "/v2" || path.hasPrefix("/v2/") else { return nil }
        var parts: [String] = []
        for part in path.dropFirst("/v2/".count).split(separator: "/", omittingEmptySubsequences: false) {
            guard let decoded = part.removingPercentEncoding, !decoded.contains("/") else {
                throw ImageSpecError.invalidRepositoryName(String(part))
            }
            parts.append(decoded)
        }
        if parts.allSatisfy(\.isEmpty) {
            self = .version
            return
        }
        // Some clients end any path with a slash.
        if parts.last == "" { parts.removeLast() }
        if parts == ["_catalog"] {
            self = .catalog
            return
        }
        let name = { (dropping: Int) throws(ImageSpecError) in
            try RepositoryName(parts.dropLast(dropping).joined(separator: "/"))
        }
        let end = (["", ""] + parts).suffix(3)
        switch (end[end.startIndex], end[end.startIndex + 1], end[end.startIndex + 2]) {
        case ("blobs", "uploads", let id) where parts.count > 3:
            let name = try name(3)
            guard let id = UploadID(id) else {
                throw WireError(.notFound, .blobUploadUnknown, "there is no upload session '\(id.prefix(64))'")
            }
            self = .upload(name, id)
        case (_, "blobs", "uploads") where parts.count > 2: self = .uploads(try name(2))
        case (_, "blobs", let digest) where parts.count > 2: self = .blob(try name(2), try Digest(digest))
        case (_, "manifests", let reference) where parts.count > 2:
            self = .manifest(try name(2), try ManifestReference(reference))
        case (_, "referrers", let digest) where parts.count > 2: self = .referrers(try name(2), try Digest(digest))
        case (_, "tags", "list") where parts.count > 2: self = .tags(try name(2))
        default: return nil
        }
    }

    /// The same path with the repository's name that `rename` gives.
    func renamed(_ rename: (RepositoryName) async throws -> RepositoryName) async throws -> RegistryPath {
        switch self {
        case .version, .catalog: self
        case .blob(let name, let digest): .blob(try await rename(name), digest)
        case .uploads(let name): .uploads(try await rename(name))
        case .upload(let name, let id): .upload(try await rename(name), id)
        case .manifest(let name, let reference): .manifest(try await rename(name), reference)
        case .tags(let name): .tags(try await rename(name))
        case .referrers(let name, let digest): .referrers(try await rename(name), digest)
        }
    }

    /// The repository that it is about.
    var repository: RepositoryName? {
        switch self {
        case .version, .catalog: nil
        case .blob(let name, _), .uploads(let name), .upload(let name, _), .manifest(let name, _), .tags(let name),
            .referrers(let name, _):
            name
        }
    }

    /// What kinds of paths there are, as documentation writes them.
    enum Kind: String, CaseIterable {
        case version = "/v2/"
        case catalog = "/v2/_catalog"
        case blob = "/v2/<name>/blobs/<digest>"
        case uploads = "/v2/<name>/blobs/uploads/"
        case upload = "/v2/<name>/blobs/uploads/<id>"
        case manifest = "/v2/<name>/manifests/<reference>"
        case tags = "/v2/<name>/tags/list"
        case referrers = "/v2/<name>/referrers/<digest>"

        var methods: [HTTPRequest.Method] {
            switch self {
            case .version, .catalog, .tags, .referrers: [.get, .head, .options]
            case .blob: [.get, .head, .delete, .options]
            case .uploads: [.post, .options]
            case .upload: [.get, .head, .patch, .put, .delete, .options]
            case .manifest: [.get, .head, .put, .delete, .options]
            }
        }
    }

    var kind: Kind {
        switch self {
        case .version: .version
        case .catalog: .catalog
        case .blob: .blob
        case .uploads: .uploads
        case .upload: .upload
        case .manifest: .manifest
        case .tags: .tags
        case .referrers: .referrers
        }
    }

    /// What an `Allow` header says (RFC 9110, section 10.2.1).
    var allowedMethods: String { kind.methods.map(\.rawValue).joined(separator: ", ") }
}
