import ImageSpec

/// A text with claims in it, as `ci-${project.name}`; `${name|lower}` puts the claim in lower case.
package struct ClaimTemplate: Sendable, Hashable {
    struct Placeholder: Sendable, Hashable {
        let path: ClaimPath
        let isLowercased: Bool

        /// A text or a whole number; nil for what isn't there, and for what has no one text.
        func value(in claims: TokenClaims) -> String? {
            let text: String? =
                switch path.value(in: claims) {
                case .string(let text): text
                case .integer(let number): String(number)
                default: nil
                }
            return isLowercased ? text?.lowercased() : text
        }
    }

    private enum Part: Sendable, Hashable {
        case literal(String)
        case claim(Placeholder)
    }

    /// In bytes.
    private static let maximumLength = 1024

    package let text: String
    private let parts: [Part]

    /// - Throws: ``ClaimExpressionError``.
    package init(_ text: String) throws(ClaimExpressionError) {
        self.text = text
        guard text.utf8.count <= Self.maximumLength else {
            throw ClaimExpressionError(position: 1, reason: "it has more than \(Self.maximumLength) bytes")
        }
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            if start.lowerBound > rest.startIndex { parts.append(.literal(String(rest[..<start.lowerBound]))) }
            let position = text.distance(from: text.startIndex, to: start.upperBound) + 1
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else {
                throw ClaimExpressionError(position: position, reason: "'${' has no '}'")
            }
            parts.append(.claim(try Self.placeholder(rest[start.upperBound..<end], at: position)))
            rest = rest[rest.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        self.parts = parts
    }

    /// The text with what `claims` say; nil when a claim isn't there.
    func text(for claims: TokenClaims) -> String? { text { $0.value(in: claims) } }

    /// The text with what `fill` gives for each claim; nil when it gives nothing for one.
    func text(_ fill: (Placeholder) -> String?) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .claim(let placeholder):
                guard let value = fill(placeholder) else { return nil }
                text += value
            }
        }
        return text
    }

    private static func placeholder(
        _ text: Substring,
        at position: Int
    ) throws(ClaimExpressionError) -> Placeholder {
        let parts = text.split(separator: "|", omittingEmptySubsequences: false)
        guard parts.count == 1 || (parts.count == 2 && parts[1] == "lower") else {
            throw ClaimExpressionError(position: position, reason: "only '|lower' can follow a claim")
        }
        var parser = try ClaimExpressionParser(String(parts[0]))
        do throws(ClaimExpressionError) {
            return Placeholder(path: try parser.parsePath(), isLowercased: parts.count == 2)
        } catch {
            throw ClaimExpressionError(position: position + error.position - 1, reason: error.reason)
        }
    }
}
