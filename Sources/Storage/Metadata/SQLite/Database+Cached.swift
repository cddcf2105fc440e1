import GRDB

extension Database {
    /// Runs a statement that is kept prepared for the next time.
    func executeCached(sql: String, arguments: StatementArguments) throws {
        try cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
