import ImageSpec

/// How `--format` prints a list: a row as JSON or by a template, or all rows as a table by a template.
struct ListFormat {
    private enum Kind {
        case json
        case template(Template)
        case table(Template)
    }

    private let kind: Kind

    /// Reads `json`, `table TEMPLATE` or `TEMPLATE`, in which `\t` and `\n` are a tab and a line's end.
    ///
    /// - Throws: ``TemplateError``.
    init(_ text: String) throws(TemplateError) {
        let text = text.replacing("\\t", with: "\t").replacing("\\n", with: "\n")
        if text == "json" {
            kind = .json
        } else if text.hasPrefix("table ") {
            kind = .table(try Template(String(text.dropFirst("table ".count))))
        } else {
            kind = .template(try Template(text))
        }
    }

    /// What a command was given; nil, for its own table, when that was nothing or `table`.
    ///
    /// - Throws: ``TemplateError``.
    init?(given text: String?) throws(TemplateError) {
        guard let text, text != "table" else { return nil }
        try self.init(text)
    }

    /// The text to print, without the last line's end; nil for nothing.
    ///
    /// - Parameter headings: what stands above the column of each field.
    func text(of rows: [[String: JSONValue]], headings: [String: String]) throws(TemplateError) -> String? {
        var lines: [String] = []
        switch kind {
        case .json:
            for row in rows { lines.append(String(decoding: JSONValue.object(row).compactText, as: UTF8.self)) }
        case .template(let template):
            for row in rows { lines.append(try template.render(.object(row))) }
        case .table(let template):
            var table = Table(columns: Self.cells(try template.render(.object(headings.mapValues(JSONValue.string)))))
            for row in rows { table.add(Self.cells(try template.render(.object(row)))) }
            return table.description
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    private static func cells(_ line: String) -> [String] {
        line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
}
