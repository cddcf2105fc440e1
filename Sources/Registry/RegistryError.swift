import ImageSpec
import Storage

/// Why the registry refuses what a caller asks for.
package enum RegistryError: Error, Sendable, Equatable {
    case repositoryUnknown(RepositoryName)
    case blobUnknown(Digest)
    case manifestUnknown(ManifestReference)
    case manifestInvalid(reason: String)
    case manifestTooLarge(limit: Int)
    /// What the manifest names and the repository doesn't have.
    case manifestReferencesUnknown([Digest])
    case digestMismatch(stated: Digest, computed: Digest)
    case uploadUnknown(UploadID)
    /// Another request is writing to the session.
    case uploadBusy(UploadID)
    /// The body begins at another byte than the one the session is at.
    case uploadOutOfOrder(UploadID, offset: Int64)
}

extension RegistryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .repositoryUnknown(let name):
            "there is no repository '\(name)'"
        case .blobUnknown(let digest):
            "there is no blob \(digest) in this repository"
        case .manifestUnknown(let reference):
            "there is no manifest '\(reference)' in this repository"
        case .manifestInvalid(let reason):
            reason
        case .manifestTooLarge(let limit):
            "the manifest is larger than the \(limit) bytes that are accepted here"
        case .manifestReferencesUnknown(let digests):
            "the manifest names \(digests.count) blobs or manifests that this repository doesn't have; push them first"
        case .digestMismatch(let stated, let computed):
            "the content's digest is \(computed), not \(stated)"
        case .uploadUnknown(let id):
            "there is no upload session '\(id)' in this repository; start a new one"
        case .uploadBusy(let id):
            "another request is writing to the upload session '\(id)'; wait for it to end"
        case .uploadOutOfOrder(_, let offset):
            "the next byte of this upload is byte \(offset); send from there"
        }
    }
}
