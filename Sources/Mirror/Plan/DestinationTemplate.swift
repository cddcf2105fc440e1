import ImageSpec

/// What a copy is to be called: `localhost:5000/mirror/{repository}:{tag}`.
///
/// `{registry}` is the source's host, its colon a hyphen; `{repository}` the whole path, `{namespace}` what of it stands
/// before the last slash, `{name}` what stands behind; `{tag}` the tag.
package struct DestinationTemplate: Sendable, Hashable {
    private static let placeholders = ["registry", "repository", "namespace", "name", "tag"]

    package let text: String
    package let host: RegistryHost
    private let path: String
    private let tag: String

    /// Parses `host[/path][:tag]`; the path is `{repository}` where there is none, and the tag `{tag}`.
    ///
    /// - Throws: ``PlanError/invalidTemplate(_:reason:)``.
    package init(_ text: String) throws(PlanError) {
        self.text = text
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        guard let host = try? RegistryHost(text[..<slash]) else {
            throw .invalidTemplate(text, reason: "it should begin with a registry's host, as localhost:5000")
        }
        self.host = host
        let rest = text[slash...].dropFirst()
        let colon = rest.firstIndex(of: ":") ?? rest.endIndex
        path = rest[..<colon].isEmpty ? "{repository}" : String(rest[..<colon])
        tag = colon == rest.endIndex ? "{tag}" : String(rest[rest.index(after: colon)...])
        try check()
    }

    private func check() throws(PlanError) {
        for part in (path + "\u{0}" + tag).split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            let name = part.prefix { $0 != "}" }
            guard name.endIndex < part.endIndex, Self.placeholders.contains(String(name)) else {
                let known = Self.placeholders.map { "{\($0)}" }.joined(separator: ", ")
                throw .invalidTemplate(text, reason: "'{\(name.prefix(30))}' is none of \(known)")
            }
        }
        let sample = ["registry": "a", "repository": "a/a", "namespace": "a", "name": "a", "tag": "a"]
        guard (try? RepositoryName(Self.fill(path, sample))) != nil, (try? Tag(Self.fill(tag, sample))) != nil else {
            throw .invalidTemplate(text, reason: "that is no repository and tag")
        }
    }

    /// What a tag of a repository is called.
    ///
    /// - Throws: ``ImageSpecError`` when that is no name.
    package func reference(
        host source: RegistryHost,
        repository: RepositoryName,
        tag sourceTag: Tag
    ) throws(ImageSpecError) -> ImageReference {
        var values = Self.values(source, repository)
        values["tag"] = sourceTag.rawValue
        let tag = try Tag(Self.fill(tag, values))
        // A repository's name has no capitals.
        values["tag"] = sourceTag.rawValue.lowercased()
        return ImageReference(
            host: host,
            repository: try RepositoryName(Self.joined(Self.fill(path, values))),
            tag: tag
        )
    }

    /// The repository that all tags of a repository go to; nil when tags have repositories of their own.
    package func repository(of source: RegistryHost, _ repository: RepositoryName) -> RepositoryName? {
        guard !path.contains("{tag}") else { return nil }
        return try? RepositoryName(Self.joined(Self.fill(path, Self.values(source, repository))))
    }

    /// The source's tag of what is called `destination`; nil when it can't have come from here, or that can't be told.
    package func sourceTag(of destination: Tag, host source: RegistryHost, repository: RepositoryName) -> Tag? {
        let pattern = Self.fill(tag, Self.values(source, repository))
        let parts = pattern.split(separator: "{tag}", omittingEmptySubsequences: false)
        guard parts.count == 2, destination.rawValue.count > parts[0].count + parts[1].count,
            destination.rawValue.hasPrefix(parts[0]), destination.rawValue.hasSuffix(parts[1])
        else { return nil }
        return try? Tag(destination.rawValue.dropFirst(parts[0].count).dropLast(parts[1].count))
    }

    private static func values(_ host: RegistryHost, _ repository: RepositoryName) -> [String: String] {
        let components = repository.rawValue.split(separator: "/")
        let registry = host.rawValue.lowercased().filter { $0 != "[" && $0 != "]" }
            .split(separator: ":").joined(separator: "-")
        return [
            "registry": registry,
            "repository": repository.rawValue,
            "namespace": components.dropLast().joined(separator: "/"),
            "name": String(components.last ?? ""),
        ]
    }

    /// A repository without a namespace leaves a slash too much.
    private static func joined(_ path: String) -> String {
        path.split(separator: "/").joined(separator: "/")
    }

    private static func fill(_ text: String, _ values: [String: String]) -> String {
        var filled = ""
        var rest = text[...]
        // Never twice: a value isn't looked into.
        while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
            let name = String(rest[rest.index(after: start)..<end])
            filled += rest[..<start] + (values[name] ?? "{\(name)}")
            rest = rest[rest.index(after: end)...]
        }
        return filled + rest
    }
}

extension DestinationTemplate: CustomStringConvertible {
    package var description: String { text }
}
