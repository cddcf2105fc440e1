import ImageSpec

/// What the applier's process says when it is done: one line.
enum ApplierReport: Sendable, Equatable {
    /// `bytes` is the length of the archive; `contentBytes`, the sum of its files'.
    case applied(diffID: Digest, entries: Int, bytes: Int64, contentBytes: Int64)
    /// The layer is to blame.
    case refused(reason: String)
    /// The machine is to blame.
    case failed(reason: String)

    var line: String {
        switch self {
        case .applied(let diffID, let entries, let bytes, let contentBytes):
            "applied \(diffID) \(entries) \(bytes) \(contentBytes)\n"
        case .refused(let reason): "refused \(reason)\n"
        case .failed(let reason): "failed \(reason)\n"
        }
    }

    /// Reads what ``line`` gives; nil when it isn't that.
    init?(line: String) {
        guard line.hasSuffix("\n"), let space = line.firstIndex(of: " ") else { return nil }
        let rest = line[line.index(after: space)...].dropLast()
        switch line[..<space] {
        case "applied":
            let words = rest.split(separator: " ")
            guard words.count == 4, let diffID = try? Digest(words[0]), let entries = Int(words[1]),
                let bytes = Int64(words[2]), let contentBytes = Int64(words[3])
            else { return nil }
            self = .applied(diffID: diffID, entries: entries, bytes: bytes, contentBytes: contentBytes)
        case "refused":
            self = .refused(reason: String(rest))
        case "failed":
            self = .failed(reason: String(rest))
        default:
            return nil
        }
    }
}
