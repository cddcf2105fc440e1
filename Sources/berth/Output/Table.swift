/// Text in columns, laid out as docker does: each as wide as its widest cell and three spaces, ten at least.
struct Table {
    private static let gap = 3
    private static let minimumWidth = 10

    private var rows: [[String]]

    init(columns: [String]) {
        rows = [columns]
    }

    /// - Parameter cells: one for each column; empty ones are added where some are missing.
    mutating func add(_ cells: [String]) {
        let missing = max(0, rows[0].count - cells.count)
        rows.append(Array(cells.prefix(rows[0].count)) + [String](repeating: "", count: missing))
    }
}

extension Table: CustomStringConvertible {
    var description: String {
        let widths = rows[0].indices.map { column in
            max(Self.minimumWidth, (rows.map { Self.width(of: $0[column]) }.max() ?? 0) + Self.gap)
        }
        var text = ""
        for (number, cells) in rows.enumerated() {
            if number > 0 { text += "\n" }
            for (cell, width) in zip(cells, widths).dropLast() {
                text += cell
                text += String(repeating: " ", count: width - Self.width(of: cell))
            }
            text += cells.last ?? ""
        }
        return text
    }

    /// In characters. Nearly all text is ASCII, where finding out what makes up a character takes long for nothing.
    private static func width(of cell: String) -> Int {
        cell.utf8.allSatisfy { $0 < 0x80 } ? cell.utf8.count : cell.count
    }
}
