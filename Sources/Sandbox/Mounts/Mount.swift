/// Something that a container has at a place of its own choice: a folder or file of the host's, a volume, or memory.
package struct Mount: Sendable, Equatable {
    package enum Source: Sendable, Equatable, Codable {
        /// Absolute, on the host.
        case bind(path: String)
        case volume(name: VolumeName, isAnonymous: Bool)
        case memory(MemoryOptions)
    }

    /// A volume that is made for this container, and may go with it.
    package static func anonymousVolume() -> Source {
        .volume(name: .anonymous(), isAnonymous: true)
    }

    /// How mounts that are made later, on one side, show on the other.
    package enum Propagation: String, Sendable, Codable {
        case `private`, slave, shared
    }

    package var source: Source
    /// Absolute, in the container; without `.`, `..` and a slash at its end.
    package let target: String
    package var isReadOnly = false
    package var propagation = Propagation.private
    /// Whether what is mounted below the source comes, too.
    package var isRecursive = true
    /// Whether a volume that is empty is first given what the image has at its place.
    package var takesImageContent = false

    /// - Parameter text: what the user said, for the error.
    /// - Throws: ``SandboxError/invalidMount(_:reason:)``.
    package init(_ source: Source, at target: String, of text: String) throws(SandboxError) {
        self.source = source
        guard target.hasPrefix("/") else { throw .invalidMount(text, reason: "'\(target)' is not an absolute path") }
        guard !text.utf8.contains(0) else { throw .invalidMount(text, reason: "it holds a null character") }
        var parts: [Substring] = []
        for part in target.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        guard !parts.isEmpty else { throw .invalidMount(text, reason: "the container's root can't be covered") }
        self.target = "/" + parts.joined(separator: "/")
        if case .volume = source { takesImageContent = true }
    }
}

extension Mount: Codable {
    private enum CodingKeys: String, CodingKey {
        case source, target, isReadOnly, propagation, isRecursive, takesImageContent
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let target = try values.decode(String.self, forKey: .target)
        try self.init(try values.decode(Source.self, forKey: .source), at: target, of: target)
        isReadOnly = try values.decode(.isReadOnly, default: false)
        propagation = try values.decode(.propagation, default: .private)
        isRecursive = try values.decode(.isRecursive, default: true)
        takesImageContent = try values.decode(.takesImageContent, default: false)
    }
}
