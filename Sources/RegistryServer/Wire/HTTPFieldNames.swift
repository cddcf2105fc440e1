import HTTPTypes

extension HTTPField.Name {
    static let link = Self.known("Link")
    static let ociFiltersApplied = Self.known("OCI-Filters-Applied")
    static let ociChunkMinLength = Self.known("OCI-Chunk-Min-Length")
    static let ociTag = Self.known("OCI-Tag")
    static let ociSubject = Self.known("OCI-Subject")
    static let dockerContentDigest = Self.known("Docker-Content-Digest")
    static let dockerUploadUUID = Self.known("Docker-Upload-UUID")
    static let referrerPolicy = Self.known("Referrer-Policy")
    static let warning = Self.known("Warning")
    static let xRequestID = Self.known("X-Request-Id")
    static let dockerDistributionAPIVersion = Self.known("Docker-Distribution-API-Version")
    static let forwarded = Self.known("Forwarded")
    static let xForwardedFor = Self.known("X-Forwarded-For")
    static let xForwardedProto = Self.known("X-Forwarded-Proto")
    static let xForwardedHost = Self.known("X-Forwarded-Host")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a field's name") }
        return name
    }
}
