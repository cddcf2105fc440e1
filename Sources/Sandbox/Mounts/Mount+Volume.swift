import SystemPackage

extension Mount {
    /// Parses `-v`'s `[source:]target[:options]`, as docker does: a source that is a path is the host's, any other the
    /// name of a volume.
    ///
    /// - Throws: ``SandboxError/invalidMount(_:reason:)``, …
    package init(volume text: String) throws {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1:
            try self.init(Self.anonymousVolume(), at: parts[0], of: text)
        case 2, 3:
            try self.init(try Self.source(parts[0], of: text), at: parts[1], of: text)
        default:
            throw SandboxError.invalidMount(text, reason: "it should be [source:]target[:options]")
        }
        guard parts.count == 3 else { return }
        for option in parts[2].split(separator: ",", omittingEmptySubsequences: false) {
            guard set(option) else { throw SandboxError.invalidMount(text, reason: "'\(option)' is unknown") }
        }
    }

    private static func source(_ source: String, of text: String) throws -> Source {
        guard !source.isEmpty else { throw SandboxError.invalidMount(text, reason: "it has no source") }
        if source.hasPrefix("/") { return .bind(path: source) }
        if source.hasPrefix(".") { return .bind(path: try absolute(FilePath(source)).lexicallyNormalized().string) }
        guard let name = try? VolumeName(source) else {
            throw SandboxError.invalidMount(
                text,
                reason: "'\(source)' is neither a path, which begins with / or ., nor a volume's name: two or more "
                    + "letters, digits, _, . and -, a letter or digit first"
            )
        }
        return .volume(name: name, isAnonymous: false)
    }

    private mutating func set(_ option: Substring) -> Bool {
        switch option {
        case "ro": isReadOnly = true
        case "rw": isReadOnly = false
        case "nocopy": takesImageContent = false
        // What they are for, SELinux's labels and other systems' caches, isn't there.
        case "z", "Z", "consistent", "cached", "delegated": break
        default: return setPropagation(option)
        }
        return true
    }

    /// Sets `private`, `slave`, `shared`, or one of them with an r before it, for the mounts below, too.
    mutating func setPropagation(_ option: Substring) -> Bool {
        let isRecursive = Propagation(rawValue: String(option)) == nil
        guard let propagation = Propagation(rawValue: String(isRecursive ? option.dropFirst() : option)),
            !isRecursive || option.hasPrefix("r"), case .bind = source
        else { return false }
        self.propagation = propagation
        self.isRecursive = isRecursive
        return true
    }
}
