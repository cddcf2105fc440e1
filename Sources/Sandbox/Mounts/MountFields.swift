/// The fields of `--mount`, as they are read.
struct MountFields {
    // docker's, where none is given.
    private(set) var kind = "volume"
    private(set) var source: String?
    private(set) var target: String?
    private(set) var isReadOnly = false
    private(set) var isNotCopied = false
    private(set) var isNotRecursive = false
    private(set) var propagation: String?
    private(set) var memory = MemoryOptions()

    /// Sets one; false where it is unknown, or can't be `value`.
    mutating func set(_ name: String, to value: String?) throws -> Bool {
        switch name {
        case "readonly", "ro": return Self.set(&isReadOnly, value)
        case "volume-nocopy": return Self.set(&isNotCopied, value)
        case "bind-nonrecursive": return Self.set(&isNotRecursive, value)
        default: break
        }
        guard let value, !value.isEmpty else { return false }
        switch name {
        case "type": kind = value.lowercased()
        case "source", "src": source = value
        case "target", "destination", "dst": target = value
        case "bind-propagation": propagation = value
        case "tmpfs-size": return memory.set("size=\(value)")
        case "tmpfs-mode": return memory.set("mode=\(value)")
        // What labels are on a volume that is made, and how fresh a Mac's files are.
        case "volume-label", "consistency": break
        default: return false
        }
        return true
    }

    private static func set(_ flag: inout Bool, _ value: String?) -> Bool {
        switch value {
        case nil, "true", "1": flag = true
        case "false", "0": flag = false
        default: return false
        }
        return true
    }

    /// Divides by commas that aren't within quotes; two quotes are one.
    ///
    /// - Throws: ``SandboxError/invalidMount(_:reason:)``.
    static func split(_ text: String) throws(SandboxError) -> [String] {
        var fields = [""]
        var isQuoted = false
        var previous: Character?
        for character in text {
            if character == "\"" {
                if !isQuoted, previous == "\"" { fields[fields.count - 1].append(character) }
                isQuoted.toggle()
                previous = isQuoted ? nil : character
                continue
            }
            previous = character
            if character == ",", !isQuoted { fields.append("") } else { fields[fields.count - 1].append(character) }
        }
        guard !isQuoted else { throw .invalidMount(text, reason: "a quote isn't closed") }
        return fields
    }
}
