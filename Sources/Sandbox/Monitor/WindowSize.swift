import CSandbox

/// How large a terminal is, in characters.
struct WindowSize: Codable, Equatable {
    var rows: UInt16
    var columns: UInt16

    init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }

    /// Of the terminal that `descriptor` is; nil when it is none.
    init?(of descriptor: Int32) {
        var (rows, columns) = (UInt16(0), UInt16(0))
        guard berth_window_size(descriptor, &rows, &columns) == 0 else { return nil }
        self.init(rows: rows, columns: columns)
    }
}
