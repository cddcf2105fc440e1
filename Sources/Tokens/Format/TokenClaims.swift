import ImageSpec

/// What a token says.
///
/// - SeeAlso: RFC 7519, section 4.
package struct TokenClaims: Sendable, Hashable {
    package let values: [String: JSONValue]

    package init(_ values: [String: JSONValue]) {
        self.values = values
    }

    var issuer: String? { values["iss"]?.string }
    var subject: String? { values["sub"]?.string }

    /// The issuer for a message: whatever a token says of it, in bounds.
    var shownIssuer: String { String((issuer ?? "?").prefix(200)) }

    /// One or several; empty when it is for nobody in particular.
    var audiences: [String] {
        switch values["aud"] {
        case .string(let name): [name]
        case .array(let names): names.compactMap(\.string)
        default: []
        }
    }

    var expiresAt: Int64? { time("exp") }

    /// Checks that the token is for one of `services`, and that it holds at `now`.
    ///
    /// - Parameters:
    ///   - now: in seconds since 1970.
    ///   - leeway: how much the issuer's clock may be wrong, in seconds.
    func check(isFor services: [String], at now: Int64, leeway: (end: Int64, start: Int64)) throws(TokenError) {
        guard audiences.contains(where: services.contains) else { throw .wrongAudience }
        guard values["exp"] != nil else { throw .missingClaim("exp") }
        guard let end = expiresAt else { throw .malformed(reason: "its 'exp' is no time") }
        guard now - leeway.end < end else { throw .expired }
        for name in ["nbf", "iat"] where values[name] != nil {
            guard let start = time(name) else { throw .malformed(reason: "its '\(name)' is no time") }
            guard start <= now + leeway.start else { throw .notYetValid }
        }
    }

    /// Times that a clock can't show are none.
    private func time(_ name: String) -> Int64? {
        let seconds: Int64? =
            switch values[name] {
            case .integer(let seconds): seconds
            case .number(let seconds): Int64(exactly: seconds.rounded(.down))
            default: nil
            }
        return seconds.flatMap { (0...Self.latestTime).contains($0) ? $0 : nil }
    }

    /// The end of the year 9999.
    private static let latestTime: Int64 = 253_402_300_799
}
