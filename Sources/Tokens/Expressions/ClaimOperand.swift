import ImageSpec

/// What stands on a side of a comparison.
enum ClaimOperand: Sendable, Hashable {
    case literal(JSONValue)
    case claim(ClaimPath)

    func value(for claims: TokenClaims) -> JSONValue? {
        switch self {
        case .literal(let value): value
        case .claim(let path): path.value(in: claims)
        }
    }
}
