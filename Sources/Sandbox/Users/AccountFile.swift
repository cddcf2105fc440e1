import Glibc

/// The text of an image's /etc/passwd or /etc/group; what isn't a line of such a file is passed over.
///
/// - SeeAlso: passwd(5), group(5).
struct AccountFile: Sendable {
    /// In bytes.
    static let maximumSize = 4 << 20

    struct User {
        let name: Substring
        let user: UInt32
        let group: UInt32
        let home: Substring

        func isNamed(_ text: String) -> Bool { name == text || String(user) == text }
    }

    struct Group {
        let name: Substring
        let group: UInt32
        let members: [Substring]

        func isNamed(_ text: String) -> Bool { name == text || String(group) == text }
    }

    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Reads and closes `descriptor`; -1 or anything but a regular file, such as a pipe, counts as empty.
    ///
    /// - Throws: ``SandboxError/accountFileTooLarge``.
    init(reading descriptor: Int32) throws(SandboxError) {
        guard descriptor >= 0 else {
            text = ""
            return
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            text = ""
            return
        }
        guard status.st_size <= Self.maximumSize else { throw .accountFileTooLarge }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        text = String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    var users: some Sequence<User> {
        lines.compactMap { fields -> User? in
            guard fields.count >= 6, let user = Self.number(fields[2]), let group = Self.number(fields[3]) else {
                return nil
            }
            return User(name: fields[0], user: user, group: group, home: fields[5])
        }
    }

    var groups: some Sequence<Group> {
        lines.compactMap { fields -> Group? in
            guard fields.count >= 4, let group = Self.number(fields[2]) else { return nil }
            return Group(name: fields[0], group: group, members: fields[3].split(separator: ","))
        }
    }

    /// The group's number, by its name, or by a number that needs no entry.
    ///
    /// - Throws: ``SandboxError/unknownGroup(_:)``.
    func number(ofGroup group: String) throws(SandboxError) -> UInt32 {
        let entry = groups.first { $0.isNamed(group) }
        guard let number = entry?.group ?? Self.number(group[...]) else { throw .unknownGroup(group) }
        return number
    }

    /// A user's or group's number; the kernel keeps the highest, -1, for "none".
    static func number(_ text: Substring) -> UInt32? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }), let number = UInt32(text) else { return nil }
        return number <= UInt32(Int32.max) ? number : nil
    }

    private var lines: some LazySequenceProtocol & Sequence<[Substring]> {
        text.split(separator: "\n").lazy
            .map { $0.split(separator: ":", omittingEmptySubsequences: false) }
            .filter { !$0[0].isEmpty && !$0[0].hasPrefix("#") }
    }
}
