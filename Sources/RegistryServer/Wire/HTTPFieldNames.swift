import HTTPTypes

extension HTTPField.Name {
    static let link = Self.known("Link")
    static let dockerContentDigest = Self.known("Docker-Content-Digest")
    static let dockerUploadUUID = Self.known("Docker-Upload-UUID")
    static let dockerDistributionAPIVersion = Self.known("Docker-Distribution-API-Version")

    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("'\(name)' is a field's name") }
        return name
    }
}
