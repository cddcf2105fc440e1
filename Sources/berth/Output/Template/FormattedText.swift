import ImageSpec

/// A text with verbs in it, and what stands for them.
///
/// - SeeAlso: Go's package fmt, "Printing": of its verbs those that make sense of JSON's values.
enum FormattedText {
    static func text(_ format: String, _ values: [JSONValue]) throws(TemplateError) -> String {
        var result = ""
        var values = values[...]
        var rest = format[...]
        while let percent = rest.firstIndex(of: "%") {
            result += rest[..<percent]
            rest = rest[rest.index(after: percent)...]
            let isLeft = rest.first == "-"
            if isLeft { rest.removeFirst() }
            let digits = rest.prefix { $0.isASCII && $0.isNumber }
            rest = rest[digits.endIndex...]
            guard let verb = rest.popFirst() else { throw .wrongArguments("printf") }
            guard verb != "%" else {
                result += "%"
                continue
            }
            guard let value = values.popFirst(), let text = text(of: value, verb) else {
                throw .wrongArguments("printf")
            }
            let width = min(Int(digits) ?? 0, 1000)
            let padding = String(
                repeating: digits.hasPrefix("0") && !isLeft ? "0" : " ",
                count: max(0, width - text.count)
            )
            result += isLeft ? text + padding : padding + text
        }
        return result + rest
    }

    private static func text(of value: JSONValue, _ verb: Character) -> String? {
        switch (verb, value) {
        case ("s", _), ("v", _): value.templateText
        case ("d", .integer(let number)): String(number)
        case ("d", .number(let number)): Int64(exactly: number).map { String($0) }
        case ("x", .integer(let number)): String(number, radix: 16)
        case ("t", .bool(let flag)): String(flag)
        case ("f", .number(let number)): String(number)
        case ("q", .string): String(decoding: value.compactText, as: UTF8.self)
        default: nil
        }
    }
}
