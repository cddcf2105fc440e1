import Access
import Registry

/// An access token, as answers write it: with its secret only when it has just been made.
struct TokenView: Encodable {
    let id: String
    let kind: String
    let owner: String
    let name: String
    /// Left out for all that the owner may.
    let scopes: [String]?
    let createdAt: String
    let expiresAt: String?
    let secret: String?

    enum CodingKeys: String, CodingKey {
        case id
        case kind
        case owner
        case name
        case scopes
        case createdAt = "created_at"
        case expiresAt = "expires_at"
        case secret
    }

    init(_ token: AccessToken, secret: TokenSecret? = nil) {
        id = token.id
        kind = token.kind.rawValue
        owner = token.owner.rawValue
        name = token.name
        scopes = token.scopes.map { $0.map(\.description) }
        createdAt = AdministrationRoutes.text(ofSeconds: token.createdAt)
        expiresAt = token.expiresAt.map(AdministrationRoutes.text(ofSeconds:))
        self.secret = secret?.text
    }

    init(_ new: NewToken) {
        self.init(new.token, secret: new.secret)
    }
}
