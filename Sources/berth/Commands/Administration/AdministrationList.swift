import ImageSpec

/// A list that a berthd has answered with, as a table or as it came.
struct AdministrationList {
    /// What stands in one column.
    typealias Column = (heading: String, text: (JSONValue) -> String)

    private let entries: [JSONValue]
    private let answer: JSONValue

    /// - Throws: ``AdministrationAnswerInvalid``.
    init(_ answer: JSONValue) throws(AdministrationAnswerInvalid) {
        guard case .array(let entries) = answer else { throw AdministrationAnswerInvalid() }
        self.answer = answer
        self.entries = entries
    }

    func print(_ format: OutputFormat, _ columns: [Column]) {
        switch format {
        case .json:
            Terminal.print(String(decoding: answer.compactText, as: UTF8.self))
        case .text:
            var table = Table(columns: columns.map(\.heading))
            for entry in entries { table.add(columns.map { $0.text(entry) }) }
            Terminal.print(table.description.harmless)
        }
    }
}

extension JSONValue {
    /// The member as a table shows it: a list with commas between, nothing for what isn't there.
    func cell(_ name: String) -> String {
        switch self[name] {
        case .string(let text)?: text
        case .integer(let number)?: "\(number)"
        case .bool(let flag)?: flag ? "yes" : "no"
        case .array(let elements)?: elements.compactMap(\.string).joined(separator: ",")
        default: ""
        }
    }
}
