/// Text in columns, laid out as docker does: each as wide as its widest cell and three spaces, ten at least.
struct Table {
    private static let gap = 3
    private static let minimumWidth = 10

    private var rows: [[String]]

    init(columns: [String]) {
        rows = [columns]
    }

    /// - Parameter cells: one for each column.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == rows[0].count)
        rows.append(cells)
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
