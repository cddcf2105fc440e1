import ImageSpec

/// Go's `printf`, as far as values of JSON go: `%s`, `%v`, `%d`, `%q`, `%t`, `%x`, `%f`, with flags, width and precision.
///
/// - SeeAlso: Go's package `fmt`.
struct TemplatePrintf {
    /// The widest that a value is made.
    private static let maximumWidth = 4096

    private let format: String

    init(_ format: String) {
        self.format = format
    }

    func text(of values: ArraySlice<JSONValue>) -> String {
        var values = values
        var output = ""
        var rest = format[...]
        while let percent = rest.firstIndex(of: "%") {
            output += rest[..<percent]
            rest = rest[percent...].dropFirst()
            let flags = rest.prefix { "-+# 0".contains($0) }
            rest = rest.dropFirst(flags.count)
            let width = Self.number(&rest) ?? 0
            var precision: Int?
            if rest.first == "." {
                rest.removeFirst()
                precision = Self.number(&rest) ?? 0
            }
            guard let verb = rest.popFirst() else { return output + "%!(NOVERB)" }
            guard verb != "%" else {
                output += "%"
                continue
            }
            guard let value = values.popFirst() else {
                output += "%!\(verb)(MISSING)"
                continue
            }
            let text = Self.text(of: value, as: verb, precision: precision)
            output += Self.padded(text, to: width, flags: flags, isNumber: value.isNumber)
        }
        return output + rest
    }

    private static func number(_ rest: inout Substring) -> Int? {
        let digits = rest.prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count)
        return digits.isEmpty ? nil : min(Int(digits) ?? maximumWidth, maximumWidth)
    }

    private static func text(of value: JSONValue, as verb: Character, precision: Int?) -> String {
        switch (verb, value) {
        case ("s", .string), ("v", _), ("s", .array), ("s", .object):
            let text = value.templateText
            return precision.map { String(text.prefix($0)) } ?? text
        case ("q", .string): return String(decoding: value.compactText, as: UTF8.self)
        case ("d", .integer), ("t", .bool): return value.templateText
        case ("d", .number(let number)):
            return Int64(exactly: number).map(String.init) ?? "%!d(\(value.templateText))"
        case ("x", .integer(let number)): return String(number, radix: 16)
        case ("X", .integer(let number)): return String(number, radix: 16, uppercase: true)
        case ("f", .integer(let number)): return fixed(Double(number), precision)
        case ("f", .number(let number)): return fixed(number, precision)
        default: return "%!\(verb)(\(value.templateText))"
        }
    }

    private static func fixed(_ number: Double, _ precision: Int?) -> String {
        let digits = min(precision ?? 6, 15)
        guard number.isFinite, number.magnitude < 1e15 else { return "\(number)" }
        guard digits > 0 else { return "\(Int64(number.rounded(.toNearestOrEven)))" }
        var scale: Double = 1
        for _ in 0..<digits { scale *= 10 }
        let whole = number.magnitude.rounded(.down)
        let fraction = ((number.magnitude - whole) * scale).rounded()
        let carry: Int64 = fraction >= scale ? 1 : 0
        let decimals = String(carry == 1 ? 0 : Int64(fraction))
        let sign = number < 0 ? "-" : ""
        return "\(sign)\(Int64(whole) + carry).\(String(repeating: "0", count: digits - decimals.count))\(decimals)"
    }

    private static func padded(_ text: String, to width: Int, flags: Substring, isNumber: Bool) -> String {
        let missing = width - text.count
        guard missing > 0 else { return text }
        if flags.contains("-") { return text + String(repeating: " ", count: missing) }
        guard flags.contains("0"), isNumber else { return String(repeating: " ", count: missing) + text }
        let sign = text.hasPrefix("-") ? "-" : ""
        return sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count)
    }
}

extension JSONValue {
    fileprivate var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }
}
