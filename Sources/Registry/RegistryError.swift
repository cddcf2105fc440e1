import Access
import ImageSpec
import Storage

/// Why the registry refuses what a caller asks for.
package enum RegistryError: Error, Sendable, Equatable {
    case repositoryUnknown(RepositoryName)
    case repositoryNameTooLong(limit: Int)
    case blobUnknown(Digest)
    case blobTooLarge(limit: Int64)
    /// Manifests of the repository name the blob that should be deleted.
    case blobNeeded(Digest, by: [Digest])
    case manifestUnknown(ManifestReference)
    case manifestInvalid(reason: String)
    /// Docker's schema 1.
    case manifestObsolete
    case manifestTooLarge(limit: Int)
    case tooManyReferences(limit: Int)
    case tooManyTags(limit: Int)
    /// The tag stands for another manifest, and is not to be moved or removed.
    case tagImmutable(TagImmutable)
    /// A namespace has no room for it.
    case quotaExceeded(QuotaExceeded)
    /// The request says what should be there, and that isn't what is: nil for nothing.
    case conditionFailed(current: Digest?)
    /// What the manifest names and the repository doesn't have.
    case manifestReferencesUnknown([Digest])
    case digestMismatch(stated: Digest, computed: Digest)
    case uploadUnknown(UploadID)
    /// As many uploads receive bytes as may at once.
    case tooManyUploads(limit: Int)
    /// Another request is writing to the session.
    case uploadBusy(UploadID)
    /// The body begins at another byte than the one the session is at.
    case uploadOutOfOrder(UploadID, offset: Int64)
    /// The disk has no more room than what is kept free.
    case insufficientStorage
    /// The cache is full of what can't go, or smaller than what is asked for.
    case cacheFull(limit: Int64)
    /// The repository is a cache, which takes what its upstream has and nothing else.
    case repositoryIsCache(RepositoryName, upstream: String)
    /// The caller hasn't said who they are, or by a token that is made for less; whoever may do this is told so by logging
    /// in.
    case loginRequired(Scope)
    /// The caller is known, and may not.
    case denied(Actions, on: RepositoryName)
    /// The caller is known, and doesn't administer the registry.
    case administrationDenied
    /// The caller may push, but not to a name that is new.
    case creationDenied(RepositoryName)
    /// The upstream decides who may read what is cached of it, and this caller it doesn't know, or not as one who may.
    case loginNeeded(upstream: String)
    /// An upstream can't be asked, and nothing of what was asked for is here.
    case upstreamFailed(UpstreamFailure)
}

extension RegistryError {
    var isCacheFull: Bool { if case .cacheFull = self { true } else { false } }
}

extension RegistryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .repositoryUnknown(let name):
            "there is no repository '\(name)'"
        case .repositoryNameTooLong(let limit):
            "the repository's name has more than the \(limit) characters that are accepted here"
        case .blobTooLarge(let limit):
            "the blob is larger than the \(limit) bytes that are accepted here"
        case .blobNeeded(let digest, let manifests):
            "the blob \(digest) is part of \(manifests.count) or more manifests of this repository; delete those first"
        case .blobUnknown(let digest):
            "there is no blob \(digest) in this repository"
        case .manifestUnknown(let reference):
            "there is no manifest '\(reference)' in this repository"
        case .manifestInvalid(let reason):
            reason
        case .manifestObsolete:
            "this is a Docker schema 1 manifest, which no registry accepts any more"
        case .tooManyReferences(let limit):
            "the manifest names more than the \(limit) blobs or manifests that are accepted here"
        case .tooManyTags(let limit):
            "a manifest can be pushed with \(limit) tags at most; push it again for more"
        case .tagImmutable(let refusal):
            "the tag '\(refusal.tag)' can't be moved or deleted here: it stands for \(refusal.digest) for good"
        case .quotaExceeded(let refusal):
            refusal.description
        case .conditionFailed(nil):
            "the request's condition does not hold: there is no such manifest"
        case .conditionFailed(let current?):
            "the request's condition does not hold: the manifest is \(current)"
        case .manifestTooLarge(let limit):
            "the manifest is larger than the \(limit) bytes that are accepted here"
        case .manifestReferencesUnknown(let digests):
            "the manifest names \(digests.count) blobs or manifests that this repository doesn't have; push them first"
        case .digestMismatch(let stated, let computed):
            "the content's digest is \(computed), not \(stated)"
        case .uploadUnknown(let id):
            "there is no upload session '\(id)' in this repository; start a new one"
        case .tooManyUploads(let limit):
            "the registry is receiving \(limit) uploads, which is as many as it takes at once; try again later"
        case .uploadBusy(let id):
            "another request is writing to the upload session '\(id)'; wait for it to end"
        case .cacheFull(let limit):
            "the cache of \(limit) bytes has no room for it: all that is there is in use or pinned"
        case .repositoryIsCache(let name, let upstream):
            "\(name) is a cache of \(upstream) and can't be changed here; push to the upstream, or to another repository"
        case .loginRequired(let scope):
            "'\(scope.pattern)' isn't there for everybody: log in as somebody who may \(scope.actions)"
        case .denied(let actions, let repository):
            "you may not \(actions) here; who administers '\(repository)' can grant it"
        case .administrationDenied:
            "only who administers the registry may do this"
        case .creationDenied(let repository):
            "there is no repository '\(repository)', and only who administers that name may make it"
        case .loginNeeded(let upstream):
            "who may read this is decided by \(upstream): log in here with what it knows you by"
        case .upstreamFailed(let failure):
            failure.description
        case .insufficientStorage:
            "the registry has no room for more; pulls and deletions go on"
        case .uploadOutOfOrder(_, let offset):
            "the next byte of this upload is byte \(offset); send from there"
        }
    }
}
