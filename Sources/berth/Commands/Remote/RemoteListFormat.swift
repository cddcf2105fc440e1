import ArgumentParser
import ImageSpec

/// How the commands that list what a registry has print it.
enum RemoteListFormat {
    case text
    /// As the registry's own lists are, in one document.
    case json
    /// Each row by a template, or all of them as a table.
    case template(ListFormat)

    static let help = ArgumentHelp(
        "How to print: text, json as registries do, 'table TEMPLATE' or a template.",
        valueName: "format"
    )

    /// - Throws: ``TemplateError``.
    init(_ text: String) throws(TemplateError) {
        switch text {
        case "text": self = .text
        case "json": self = .json
        default: self = .template(try ListFormat(text))
        }
    }

    /// Prints rows by whichever of the three it is.
    ///
    /// - Parameters:
    ///   - headings: what stands above the column of each field.
    ///   - document: the whole list.
    func print(
        _ rows: [[String: JSONValue]],
        headings: [String: String],
        document: @autoclosure () -> some Encodable,
        text: () -> Void
    ) throws {
        switch self {
        case .text:
            text()
        case .json:
            try Terminal.print(json: document())
        case .template(let format):
            if let lines = try format.text(of: rows, headings: headings) { Terminal.print(lines) }
        }
    }
}
