import NIOHTTP1

/// A registry's demand for a token: where to get one, and for what.
///
/// - SeeAlso: distribution's "Token Authentication Specification"; RFC 6750, section 3.
struct BearerChallenge: Sendable, Equatable {
    let realm: String
    let service: String?
    let scope: String?

    /// Finds the challenge among the `WWW-Authenticate` headers.
    init?(_ headers: HTTPHeaders) {
        for value in headers["WWW-Authenticate"] {
            guard value.prefix(7).lowercased() == "bearer " else { continue }
            let parameters = Self.parameters(in: value.dropFirst(7))
            guard let realm = parameters["realm"] else { continue }
            self.realm = realm
            service = parameters["service"]
            scope = parameters["scope"]
            return
        }
        return nil
    }

    /// Parses `name="value", name=value, …`.
    private static func parameters(in text: Substring) -> [String: String] {
        var parameters: [String: String] = [:]
        var rest = text
        while let equals = rest.firstIndex(of: "=") {
            let name = rest[..<equals].filter { $0 != " " && $0 != "," && $0 != "\t" }.lowercased()
            rest = rest[rest.index(after: equals)...]
            parameters[name] = cutValue(from: &rest)
        }
        return parameters
    }

    private static func cutValue(from rest: inout Substring) -> String {
        guard rest.first == "\"" else {
            let value = rest.prefix { $0 != "," && $0 != " " }
            rest = rest[value.endIndex...]
            return String(value)
        }
        rest.removeFirst()
        var value = ""
        while let character = rest.popFirst(), character != "\"" {
            value.append(character == "\\" ? rest.popFirst() ?? "\\" : character)
        }
        return value
    }
}
