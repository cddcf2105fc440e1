import ImageSpec

/// Names one claim, or what lies within it: `ref`, `project.name`, `claims["kubernetes.io"].namespace`.
package struct ClaimPath: Sendable, Hashable {
    let names: [String]

    func value(in claims: TokenClaims) -> JSONValue? {
        guard let first = names.first, var value = claims.values[first] else { return nil }
        for name in names.dropFirst() {
            guard let member = value[name] else { return nil }
            value = member
        }
        return value
    }
}
