import Access

/// What the lines of a password file say: `name:hash` each; empty ones and those that begin with `#` say nothing.
struct PasswordFileLines {
    private(set) var accounts: [AccountName: Account] = [:]
    /// What is wrong with lines that are of no use, without their hashes.
    private(set) var remarks: [String] = []

    /// How many remarks there are at most: one file of another kind has thousands.
    private static let maximumRemarks = 20

    init(_ text: String) {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            read(line, number: index + 1)
        }
    }

    private mutating func read(_ line: Substring, number: Int) {
        guard let colon = line.firstIndex(of: ":") else {
            return remark(number, "it should be NAME:HASH")
        }
        let name: AccountName
        do {
            name = try AccountName(line[..<colon])
        } catch {
            return remark(number, "\(error)")
        }
        // What follows a second colon is a comment of somebody's.
        let hash = String(line[line.index(after: colon)...].prefix { $0 != ":" })
        guard PasswordHash.isKnown(hash) else {
            return remark(number, "the password of '\(name)' is hashed in a way that isn't read here; use htpasswd -B")
        }
        accounts[name] = Account(name: name, passwordHash: hash, createdAt: 0)
    }

    private mutating func remark(_ number: Int, _ text: String) {
        guard remarks.count < Self.maximumRemarks else { return }
        remarks.append("\(number): \(text)")
    }
}
