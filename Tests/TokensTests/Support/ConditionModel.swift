import ImageSpec
import TestSupport

/// A condition of which it is known what it means: it is written down as text, and weighed here in the simplest way.
indirect enum ConditionModel {
    /// A claim's name, and the text that it is compared with.
    case equal(String, String)
    case unequal(String, String)
    case member(String, [String])
    case prefix(String, String)
    case not(ConditionModel)
    case and(ConditionModel, ConditionModel)
    case or(ConditionModel, ConditionModel)

    private static let names = ["a", "b", "c", "d"]
    private static let values = ["x", "xy", "", "x\"y", "\\", "'"]

    static func generate(depth: Int, using generator: inout SeededGenerator) -> ConditionModel {
        let name = names.randomElement(using: &generator) ?? "a"
        let value = values.randomElement(using: &generator) ?? ""
        switch Int.random(in: 0..<(depth > 0 ? 8 : 4), using: &generator) {
        case 0: return .equal(name, value)
        case 1: return .unequal(name, value)
        case 2: return .member(name, (0..<3).compactMap { _ in values.randomElement(using: &generator) })
        case 3: return .prefix(name, value)
        case 4: return .not(generate(depth: depth - 1, using: &generator))
        case 5, 6:
            return .and(
                generate(depth: depth - 1, using: &generator),
                generate(depth: depth - 1, using: &generator)
            )
        default:
            return .or(
                generate(depth: depth - 1, using: &generator),
                generate(depth: depth - 1, using: &generator)
            )
        }
    }

    /// Some of the claims are there, and some of those are texts.
    static func claims(using generator: inout SeededGenerator) -> [String: JSONValue] {
        var claims: [String: JSONValue] = [:]
        for name in names where generator.happens(3, outOf: 4) {
            claims[name] =
                generator.happens(5, outOf: 6)
                ? .string(values.randomElement(using: &generator) ?? "") : .integer(1)
        }
        return claims
    }

    func value(_ claims: [String: JSONValue]) -> Bool? {
        switch self {
        case .equal(let name, let value): claims[name]?.string.map { $0 == value }
        case .unequal(let name, let value): claims[name]?.string.map { $0 != value }
        // A number is in no list of texts.
        case .member(let name, let values): claims[name].map { values.map(JSONValue.string).contains($0) }
        case .prefix(let name, let value): claims[name]?.string.map { $0.hasPrefix(value) }
        case .not(let condition): condition.value(claims).map { !$0 }
        case .and(let left, let right):
            switch (left.value(claims), right.value(claims)) {
            case (false?, _), (_, false?): false
            case (true?, true?): true
            default: nil
            }
        case .or(let left, let right):
            switch (left.value(claims), right.value(claims)) {
            case (true?, _), (_, true?): true
            case (false?, false?): false
            default: nil
            }
        }
    }

    /// As a person might write it: with no more parentheses than are needed, or with more, and spaces by chance.
    func text(using generator: inout SeededGenerator) -> String {
        switch self {
        case .equal(let name, let value): return "\(name) == \(Self.quoted(value, using: &generator))"
        case .unequal(let name, let value): return "\(name)!=\(Self.quoted(value, using: &generator))"
        case .member(let name, let values):
            return "\(name) in [\(values.map { Self.quoted($0, using: &generator) }.joined(separator: ", "))]"
        case .prefix(let name, let value): return "\(name) startsWith \(Self.quoted(value, using: &generator))"
        case .not(let condition): return "!(\(condition.text(using: &generator)))"
        case .and(let left, let right):
            return left.part(of: self, using: &generator) + " && " + right.part(of: self, using: &generator)
        case .or(let left, let right):
            return left.text(using: &generator) + " || " + right.text(using: &generator)
        }
    }

    private func part(of whole: ConditionModel, using generator: inout SeededGenerator) -> String {
        if case .or = self { return "( \(text(using: &generator)) )" }
        return generator.happens(1, outOf: 5) ? "(\(text(using: &generator)))" : text(using: &generator)
    }

    private static func quoted(_ text: String, using generator: inout SeededGenerator) -> String {
        let quote = generator.happens(1, outOf: 2) ? "\"" : "'"
        return quote + text.replacing("\\", with: "\\\\").replacing(quote, with: "\\\(quote)") + quote
    }
}
