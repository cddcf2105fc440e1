import ImageSpec
import NIOHTTP1

/// What a token service gave.
struct TokenReply: Sendable {
    let token: String
    let claims: JSONValue

    init(_ reply: Reply) throws {
        guard reply.status == 200, let token = try JSONValue(parsing: reply.body)["token"]?.string else {
            throw UnexpectedReply(reply: reply)
        }
        self.token = token
        claims = try OpenIDProvider.part(1, of: token)
    }

    /// What it allows, as `NAME:ACTIONS`.
    var access: [String] {
        guard case .array(let entries)? = claims["access"] else { return [] }
        return entries.map { entry in
            guard case .array(let actions)? = entry["actions"] else { return "?" }
            return "\(entry["name"]?.string ?? "?"):\(actions.compactMap(\.string).joined(separator: ","))"
        }
    }
}

extension HTTPHeaders {
    /// With a user and password.
    static func basic(_ username: String, _ password: String) -> HTTPHeaders {
        ["authorization": AdministrationBench.basic(username, password)]
    }

    static func bearer(_ token: String) -> HTTPHeaders { ["authorization": "Bearer \(token)"] }
}
