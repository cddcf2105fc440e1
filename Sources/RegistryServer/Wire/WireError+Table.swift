import Access
import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry
import Storage

extension WireError {
    /// The one table from what can go wrong to what the client is told; nil for what is our own fault.
    init?(_ error: any Error) {
        switch error {
        case let error as WireError: self = error
        case let error as RegistryError: self.init(error)
        case let error as AccessControlError: self.init(error)
        case let error as AccessError: self.init(.badRequest, .unsupported, error.description)
        case let error as ImageSpecError: self.init(error)
        case let error as ReceivedBody.Interrupted:
            self.init(.badRequest, .sizeInvalid, error.description)
        case is ServerStopping:
            self.init(
                .serviceUnavailable,
                .unavailable,
                "the server is stopping; try again when it is back",
                headers: [.retryAfter: "5", .connection: "close"]
            )
        case let error as SlowClient:
            self.init(.requestTimeout, .sizeInvalid, error.description, headers: [.connection: "close"])
        case let error as HTTPError:
            self.init(
                error.status,
                error.status.code == 404 ? .unsupported : .unknown,
                error.body ?? "no such endpoint"
            )
        default:
            guard let error = StorageError(error), let known = WireError(error) else { return nil }
            self = known
        }
    }

    /// The disk's fault, which passes: what can be read is still served. Its insides are for the log.
    private init?(_ error: StorageError) {
        switch error {
        case .noSpace:
            self = .insufficientStorage("the registry's disk is full; pulls go on")
        case .readOnly:
            self.init(
                .serviceUnavailable,
                .unavailable,
                "the registry can store nothing just now, its disk is read-only; pulls go on",
                headers: [.retryAfter: "60"]
            )
        case .fileSystem:
            self.init(
                .serviceUnavailable,
                .unavailable,
                "the registry's disk failed; its log says how",
                headers: [.retryAfter: "60"]
            )
        case .bytesLost, .uploadTruncated, .corruptRow, .schemaTooNew, .schemaTooOld:
            return nil
        }
    }

    private static func insufficientStorage(_ message: String) -> WireError {
        WireError(
            HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage"),
            .insufficientStorage,
            message,
            detail: ["an upload keeps what came of it: ask its address where to go on when there is room again"],
            headers: [.retryAfter: "60"]
        )
    }

    init(_ error: RegistryError) {
        let message = error.description
        switch error {
        case .repositoryUnknown:
            self.init(.notFound, .nameUnknown, message, detail: ["a repository comes to be with its first push"])
        case .blobTooLarge:
            self.init(.contentTooLarge, .sizeInvalid, message, detail: ["cancel the upload, and split what it holds"])
        case .blobUnknown(let digest): self.init(.notFound, .blobUnknown, message, detail: [digest.description])
        case .manifestUnknown: self.init(.notFound, .manifestUnknown, message)
        case .repositoryNameTooLong: self.init(.badRequest, .nameInvalid, message)
        case .blobNeeded(_, let manifests):
            self.init(.conflict, .denied, message, detail: manifests.map(\.description))
        case .manifestObsolete:
            self.init(
                .badRequest,
                .manifestInvalid,
                message,
                detail: [
                    "push the image again with Docker 1.10 or newer, or any client that knows schema 2 or OCI",
                    "skopeo copy --format v2s2, or oci, converts an image that another registry still has",
                ]
            )
        case .tooManyReferences:
            self.init(.badRequest, .manifestInvalid, message, detail: ["merge layers, or split the index"])
        case .tooManyTags: self.init(.uriTooLong, .unsupported, message)
        case .tagImmutable:
            self.init(
                .conflict,
                .denied,
                message,
                detail: ["push to another tag; who administers the registry can delete this one"]
            )
        case .quotaExceeded(let refusal): self.init(refusal, message)
        case .conditionFailed(let current):
            self.init(
                .preconditionFailed,
                .denied,
                message,
                detail: ["get the manifest that is there now, and decide anew"],
                headers: current.map { [.eTag: EntityTags.text(of: $0)] } ?? [:]
            )
        case .manifestInvalid: self.init(.badRequest, .manifestInvalid, message)
        case .manifestTooLarge:
            self.init(
                .contentTooLarge,
                .manifestInvalid,
                message,
                detail: ["put large annotations and embedded data into a blob that the manifest names"]
            )
        case .manifestReferencesUnknown(let digests):
            // A hostile manifest can name very many; the first tell enough.
            self.init(.badRequest, .manifestBlobUnknown, message, detail: digests.prefix(20).map(\.description))
        case .digestMismatch(let stated, let computed):
            self.init(
                .badRequest,
                .digestInvalid,
                message,
                detail: [
                    "stated: \(stated)", "received: \(computed)", "nothing was kept; push it again from its start",
                ]
            )
        case .uploadUnknown: self.init(.notFound, .blobUploadUnknown, message)
        case .tooManyUploads: self.init(.serviceUnavailable, .unavailable, message, headers: [.retryAfter: "5"])
        case .uploadBusy: self.init(.conflict, .blobUploadInvalid, message, headers: [.retryAfter: "1"])
        case .insufficientStorage: self = .insufficientStorage(message)
        case .cacheFull: self = .insufficientStorage(message)
        case .repositoryIsCache: self.init(.methodNotAllowed, .denied, message, headers: [.allow: "GET, HEAD, OPTIONS"])
        case .upstreamFailed(let failure): self.init(failure)
        case .loginRequired: self.init(.unauthorized, .unauthorized, message)
        case .denied, .creationDenied, .administrationDenied: self.init(.forbidden, .denied, message)
        case .loginNeeded(let upstream):
            self.init(
                .unauthorized,
                .unauthorized,
                message,
                headers: [.wwwAuthenticate: Challenge.basic(realm: upstream)]
            )
        case .uploadOutOfOrder(_, let offset):
            self.init(
                .rangeNotSatisfiable,
                .blobUploadInvalid,
                message,
                detail: ["the Range header tells what was received; a GET of the upload's address does too"],
                headers: [.range: UploadRoutes.receivedRange(offset)]
            )
        }
    }

    private init(_ refusal: QuotaExceeded, _ message: String) {
        let unit = refusal.resource.rawValue
        var detail = ["limit: \(refusal.limit) \(unit)", "used: \(refusal.used) \(unit)"]
        if let needed = refusal.needed { detail.append("needed: \(needed) \(unit)") }
        detail.append("delete what isn't needed there, or ask who administers the registry for more")
        self.init(.forbidden, .denied, message, detail: detail)
    }

    /// Nothing of what an upstream refuses us is told but that it does: its words are for the log's readers, who know its
    /// credentials.
    private init(_ failure: UpstreamFailure) {
        let seconds = failure.retryAfter.map { max(1, $0.components.seconds) }
        let pause: HTTPFields = [.retryAfter: "\(min(seconds ?? 10, 3600))"]
        switch failure.kind {
        case .rateLimited:
            self.init(.tooManyRequests, .tooManyRequests, failure.description, headers: pause)
        case .refused:
            self.init(
                .notFound,
                .manifestUnknown,
                failure.description,
                detail: [
                    "there is no such repository at the upstream, or it lets nobody have it with the login it was sent"
                ]
            )
        case .unavailable:
            self.init(.badGateway, .unavailable, failure.description, headers: pause)
        }
    }

    private init(_ error: ImageSpecError) {
        let code: Code =
            switch error {
            case .invalidDigest: .digestInvalid
            case .invalidRepositoryName: .nameInvalid
            case .invalidManifest, .obsoleteManifest, .invalidMediaType, .invalidTag: .manifestInvalid
            case .invalidReference, .invalidPlatform, .invalidJSON, .invalidImageConfig: .unsupported
            }
        self.init(.badRequest, code, error.description)
    }
}
