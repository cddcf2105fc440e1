import Foundation
import HTTPTypes
import Hummingbird
import ImageSpec
import NIOCore
import Registry

/// An error as the protocol tells it: a status, and a JSON body with the spec's code.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Error Codes".
struct WireError: Error {
    enum Code: String, Encodable {
        case blobUnknown = "BLOB_UNKNOWN"
        case blobUploadInvalid = "BLOB_UPLOAD_INVALID"
        case denied = "DENIED"
        case blobUploadUnknown = "BLOB_UPLOAD_UNKNOWN"
        case digestInvalid = "DIGEST_INVALID"
        case manifestBlobUnknown = "MANIFEST_BLOB_UNKNOWN"
        case manifestInvalid = "MANIFEST_INVALID"
        case manifestUnknown = "MANIFEST_UNKNOWN"
        case nameInvalid = "NAME_INVALID"
        case nameUnknown = "NAME_UNKNOWN"
        case sizeInvalid = "SIZE_INVALID"
        case unauthorized = "UNAUTHORIZED"
        case unsupported = "UNSUPPORTED"
        /// Not the spec's own: no registry that keeps some space free has a code for it yet.
        case insufficientStorage = "INSUFFICIENT_STORAGE"
        /// Not the spec's own, but docker's for what the client can't mend.
        case unknown = "UNKNOWN"
        case unavailable = "UNAVAILABLE"
        case tooManyRequests = "TOOMANYREQUESTS"
    }

    let status: HTTPResponse.Status
    let code: Code
    var message: String
    /// What the error is about, one entry each.
    var detail: [String] = []
    var headers: HTTPFields = [:]

    init(
        _ status: HTTPResponse.Status,
        _ code: Code,
        _ message: String,
        detail: [String] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        self.headers = headers
    }

    /// What the request says must be there isn't: `current` is, or nothing.
    static func preconditionFailed(current: Digest?) -> WireError {
        WireError(RegistryError.conditionFailed(current: current))
    }

    var response: Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: json)))
    }

    /// The answer for those who write it to the channel themselves.
    var parts: (head: HTTPResponse, body: ByteBuffer) {
        let body = ByteBuffer(bytes: json)
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.contentLength] = String(body.readableBytes)
        headers[.dockerDistributionAPIVersion] = "registry/2.0"
        return (HTTPResponse(status: status, headerFields: headers), body)
    }

    /// The body that the protocol has for it.
    var json: Data {
        let entry = Body.Entry(code: code, message: message, detail: detail.isEmpty ? nil : detail)
        return (try? JSONEncoder.wire.encode(Body(errors: [entry]))) ?? Data()
    }

    private struct Body: Encodable {
        struct Entry: Encodable {
            let code: Code
            let message: String
            let detail: [String]?
        }
        let errors: [Entry]
    }
}
