import ImageSpec

/// A condition as it is weighed: true, false, or nil when there is no telling.
indirect enum ClaimCondition: Sendable, Hashable {
    case constant(Bool)
    case claim(ClaimPath)
    case equal(ClaimOperand, ClaimOperand)
    case contained(ClaimOperand, in: ClaimOperand)
    case starts(ClaimOperand, with: String)
    case matches(ClaimOperand, GlobPattern)
    case not(ClaimCondition)
    case all([ClaimCondition])
    case any([ClaimCondition])

    func value(for claims: TokenClaims) -> Bool? {
        switch self {
        case .constant(let value):
            return value
        case .claim(let path):
            guard case .bool(let value)? = path.value(in: claims) else { return nil }
            return value
        case .equal(let left, let right):
            return Self.areEqual(left.value(for: claims), right.value(for: claims))
        case .contained(let operand, let list):
            guard let value = operand.value(for: claims), Self.isComparable(value),
                case .array(let elements)? = list.value(for: claims)
            else { return nil }
            return elements.contains { Self.areEqual($0, value) == true }
        case .starts(let operand, let prefix):
            return operand.value(for: claims)?.string.map { $0.utf8.starts(with: prefix.utf8) }
        case .matches(let operand, let pattern):
            return operand.value(for: claims)?.string.map { pattern.matches($0) }
        case .not(let condition):
            return condition.value(for: claims).map { !$0 }
        case .all(let conditions):
            return Self.combined(conditions, for: claims, decidedBy: false)
        case .any(let conditions):
            return Self.combined(conditions, for: claims, decidedBy: true)
        }
    }

    /// `decisive` when one of them is, else nil when there is no telling of one, else the opposite.
    private static func combined(
        _ conditions: [ClaimCondition],
        for claims: TokenClaims,
        decidedBy decisive: Bool
    ) -> Bool? {
        var isKnown = true
        for condition in conditions {
            let value = condition.value(for: claims)
            if value == decisive { return decisive }
            if value == nil { isKnown = false }
        }
        return isKnown ? !decisive : nil
    }

    /// nil for values of different kinds, and for lists and objects.
    private static func areEqual(_ left: JSONValue?, _ right: JSONValue?) -> Bool? {
        switch (left, right) {
        // Byte by byte: strings that are only spelled alike aren't one name.
        case (.string(let left)?, .string(let right)?): left.utf8.elementsEqual(right.utf8)
        case (.bool(let left)?, .bool(let right)?): left == right
        case (.integer(let left)?, .integer(let right)?): left == right
        case (.number(let left)?, .number(let right)?): left == right
        case (.integer(let left)?, .number(let right)?): Int64(exactly: right) == left
        case (.number(let left)?, .integer(let right)?): Int64(exactly: left) == right
        default: nil
        }
    }

    private static func isComparable(_ value: JSONValue) -> Bool {
        switch value {
        case .string, .bool, .integer, .number: true
        case .null, .array, .object: false
        }
    }
}
