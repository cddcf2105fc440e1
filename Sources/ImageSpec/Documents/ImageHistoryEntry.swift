/// How one layer of an image, or none, came to be.
///
/// - SeeAlso: OCI image-spec, "OCI Image Configuration", `history`.
package struct ImageHistoryEntry: Sendable, Hashable, Codable {
    /// RFC 3339.
    package var created: String?
    package var createdBy: String?
    package var author: String?
    package var comment: String?
    package var isEmptyLayer: Bool?

    private enum CodingKeys: String, CodingKey {
        case created, author, comment
        case createdBy = "created_by"
        case isEmptyLayer = "empty_layer"
    }

    package init(created: String? = nil, createdBy: String? = nil, comment: String? = nil) {
        self.created = created
        self.createdBy = createdBy
        self.comment = comment
    }
}
