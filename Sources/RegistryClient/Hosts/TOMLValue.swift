/// A value of a TOML document, of the kinds that hosts files are made of.
indirect enum TOMLValue: Sendable, Equatable {
    case string(String)
    case bool(Bool)
    /// Numbers and dates, as they are written: no key of a hosts file that is used here has one.
    case other(String)
    case array([TOMLValue])
    case table(TOMLTable)

    /// A string alone counts as a list of one, as containerd has it.
    var strings: [String]? {
        switch self {
        case .string(let text): [text]
        case .array(let values):
            values.reduce([]) { list, value in
                guard let list, case .string(let text) = value else { return nil }
                return list + [text]
            }
        default: nil
        }
    }
}

/// Names and values in the order in which they are written: hosts are tried in it.
struct TOMLTable: Sendable, Equatable {
    private(set) var entries: [Entry] = []

    struct Entry: Sendable, Equatable {
        let name: String
        var value: TOMLValue
    }

    subscript(name: String) -> TOMLValue? { entries.first { $0.name == name }?.value }

    /// Sets `value` below the tables that `path` leads through, which are made when they are missing.
    ///
    /// - Returns: whether nothing was in the way.
    mutating func set(_ value: TOMLValue, at path: ArraySlice<String>) -> Bool {
        guard let name = path.first else { return false }
        let index = entries.firstIndex { $0.name == name }
        guard path.count > 1 else {
            guard let index else {
                entries.append(Entry(name: name, value: value))
                return true
            }
            // A table's header may come after those of the tables in it.
            return value == .table(TOMLTable()) && entries[index].value.isTable
        }
        var table = TOMLTable()
        if let index {
            guard case .table(let existing) = entries[index].value else { return false }
            table = existing
        }
        guard table.set(value, at: path.dropFirst()) else { return false }
        if let index {
            entries[index].value = .table(table)
        } else {
            entries.append(Entry(name: name, value: .table(table)))
        }
        return true
    }
}

extension TOMLValue {
    fileprivate var isTable: Bool {
        if case .table = self { true } else { false }
    }
}
