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
            max(Self.minimumWidth, (rows.map { $0[column].count }.max() ?? 0) + Self.gap)
        }
        return rows.map { cells in
            zip(cells, widths).dropLast().map { cell, width in
                cell + String(repeating: " ", count: width - cell.count)
            }.joined() + (cells.last ?? "")
        }.joined(separator: "\n")
    }
}
