/// A SQLite database, by the `sqlite3` program.
struct Database {
    let path: String

    /// Runs statements, or commands of the program's.
    ///
    /// - Returns: what they gave, without the last line's end.
    @discardableResult
    func run(_ statements: String) throws -> String {
        let output = try Program.run("sqlite3", "-batch", "-bail", path, input: statements)
        return output.hasSuffix("\n") ? String(output.dropLast()) : output
    }

    /// The statement that copies those rows of `table`, once for each row of `source`, that `condition` chooses.
    ///
    /// - Parameter changes: what other values than the original's the copies get, by column.
    func copy(
        _ table: String,
        from source: String,
        where condition: String,
        changes: [String: String]
    ) throws -> String {
        // The database numbers rows by itself.
        let columns = try run("SELECT name FROM pragma_table_info('\(table)') WHERE NOT (pk = 1 AND name = 'id');")
            .split(separator: "\n").map(String.init)
        let values = columns.map { changes[$0] ?? "original.\($0)" }
        return """
            INSERT INTO \(table) (\(columns.joined(separator: ", ")))
            SELECT \(values.joined(separator: ", ")) FROM \(table) AS original, \(source) WHERE \(condition);

            """
    }
}
