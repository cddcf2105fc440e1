import ImageSpec

/// The functions that a ``Template`` may call.
enum TemplateFunction {
    static func call(_ name: String, _ arguments: [JSONValue]) throws(TemplateError) -> JSONValue {
        switch (name, arguments.count) {
        case ("json", 1): return .string(String(decoding: arguments[0].compactText, as: UTF8.self))
        case ("len", 1): return .integer(try length(of: arguments[0]))
        case ("lower", 1): return .string(arguments[0].templateText.lowercased())
        case ("upper", 1): return .string(arguments[0].templateText.uppercased())
        case ("title", 1): return .string(title(arguments[0].templateText))
        case ("pad", 3): return .string(try pad(arguments))
        case ("join", 2):
            return .string(try elements(arguments[0]).map(\.templateText).joined(separator: arguments[1].templateText))
        case ("split", 2): return .array(parts(of: arguments[0].templateText, by: arguments[1].templateText))
        case ("truncate", 2): return .string(try truncate(arguments[0].templateText, arguments[1]))
        case ("index", 2...): return try index(arguments[0], arguments.dropFirst())
        case ("not", 1): return .bool(!arguments[0].isTrue)
        case ("and", 1...): return arguments.first { !$0.isTrue } ?? arguments[arguments.count - 1]
        case ("or", 1...): return arguments.first(where: \.isTrue) ?? arguments[arguments.count - 1]
        case ("eq", 2...): return .bool(arguments.dropFirst().contains(arguments[0]))
        case ("ne", 2): return .bool(arguments[0] != arguments[1])
        case ("lt", 2): return .bool(try isLess(arguments[0], arguments[1]))
        case ("gt", 2): return .bool(try isLess(arguments[1], arguments[0]))
        case ("le", 2): return .bool(try !isLess(arguments[1], arguments[0]))
        case ("ge", 2): return .bool(try !isLess(arguments[0], arguments[1]))
        case ("slice", 1...3): return try slice(arguments)
        case ("printf", 1...): return .string(TemplatePrintf(arguments[0].templateText).text(of: arguments.dropFirst()))
        case ("print", _): return .string(arguments.map(\.templateText).joined())
        case ("println", _): return .string(arguments.map(\.templateText).joined(separator: " ") + "\n")
        case _ where names.contains(name): throw .wrongArguments(name)
        default: throw .noSuchFunction(name)
        }
    }

    private static let names: Set<String> = [
        "json", "len", "lower", "upper", "join", "split", "truncate", "index", "not", "and", "or", "eq", "ne",
        "title", "pad", "lt", "le", "gt", "ge", "slice", "printf",
    ]

    /// The longest padding, in characters.
    private static let maximumPadding: Int64 = 4096

    private static func length(of value: JSONValue) throws(TemplateError) -> Int64 {
        switch value {
        case .array(let elements): return Int64(elements.count)
        case .object(let members): return Int64(members.count)
        case .string(let text): return Int64(text.utf8.count)
        case .null: return 0
        default: throw .wrongArguments("len")
        }
    }

    private static func elements(_ value: JSONValue) throws(TemplateError) -> [JSONValue] {
        switch value {
        case .array(let elements): return elements
        case .null: return []
        default: throw .wrongArguments("join")
        }
    }

    private static func parts(of text: String, by separator: String) -> [JSONValue] {
        guard !separator.isEmpty else { return text.map { .string(String($0)) } }
        return text.split(separator: separator, omittingEmptySubsequences: false).map { .string(String($0)) }
    }

    private static func title(_ text: String) -> String {
        var isInWord = false
        return String(
            text.flatMap { character -> String in
                defer { isInWord = character.isLetter || character.isNumber || character == "_" || character == "'" }
                return isInWord ? String(character) : character.uppercased()
            }
        )
    }

    /// Spaces before and behind.
    private static func pad(_ arguments: [JSONValue]) throws(TemplateError) -> String {
        guard case .integer(let before) = arguments[1], case .integer(let after) = arguments[2],
            (0...maximumPadding).contains(before), (0...maximumPadding).contains(after)
        else { throw .wrongArguments("pad") }
        let text = arguments[0].templateText
        guard !text.isEmpty else { return "" }
        return String(repeating: " ", count: Int(before)) + text + String(repeating: " ", count: Int(after))
    }

    private static func isLess(_ first: JSONValue, _ second: JSONValue) throws(TemplateError) -> Bool {
        switch (first, second) {
        case (.integer(let first), .integer(let second)): return first < second
        case (.number(let first), .number(let second)): return first < second
        case (.integer(let first), .number(let second)): return Double(first) < second
        case (.number(let first), .integer(let second)): return first < Double(second)
        case (.string(let first), .string(let second)): return first.utf8.lexicographicallyPrecedes(second.utf8)
        default: throw .wrongArguments("lt")
        }
    }

    private static func slice(_ arguments: [JSONValue]) throws(TemplateError) -> JSONValue {
        func bounds(_ count: Int) throws(TemplateError) -> Range<Int> {
            var ends = [0, count]
            for (place, argument) in arguments.dropFirst().enumerated() {
                guard case .integer(let end) = argument, (0...Int64(count)).contains(end) else {
                    throw .wrongArguments("slice")
                }
                ends[place] = Int(end)
            }
            guard ends[0] <= ends[1] else { throw .wrongArguments("slice") }
            return ends[0]..<ends[1]
        }
        switch arguments[0] {
        case .string(let text):
            let bytes = Array(text.utf8)
            return .string(String(decoding: bytes[try bounds(bytes.count)], as: UTF8.self))
        case .array(let elements):
            return .array(Array(elements[try bounds(elements.count)]))
        default:
            throw .wrongArguments("slice")
        }
    }

    private static func truncate(_ text: String, _ length: JSONValue) throws(TemplateError) -> String {
        guard case .integer(let length) = length, length >= 0 else { throw .wrongArguments("truncate") }
        return String(text.prefix(Int(clamping: length)))
    }

    private static func index(
        _ value: JSONValue,
        _ keys: ArraySlice<JSONValue>
    ) throws(TemplateError) -> JSONValue {
        var value = value
        for key in keys {
            switch (value, key) {
            case (.object(let members), .string(let name)):
                value = members[name] ?? .null
            case (.array(let elements), .integer(let position)) where (0..<Int64(elements.count)).contains(position):
                value = elements[Int(position)]
            case (.null, .string):
                break
            default:
                throw .wrongArguments("index")
            }
        }
        return value
    }
}

extension JSONValue {
    /// The value as a template prints it: as Go prints it.
    var templateText: String {
        switch self {
        case .null: "<no value>"
        case .bool(let flag): "\(flag)"
        case .integer(let number): "\(number)"
        case .number(let number): "\(number)"
        case .string(let text): text
        case .array(let elements): "[\(elements.map(\.templateText).joined(separator: " "))]"
        case .object(let members):
            "map[\(members.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value.templateText)" }.joined(separator: " "))]"
        }
    }

    /// Whether a condition takes the value for true: what is not empty.
    var isTrue: Bool {
        switch self {
        case .null: false
        case .bool(let flag): flag
        case .integer(let number): number != 0
        case .number(let number): number != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }
}
