/// The full name of an image: registry, repository, and a tag, a digest or both.
///
/// Parsed and completed as docker does: `nginx` is `docker.io/library/nginx:latest`.
/// With both a tag and a digest the digest decides which manifest is meant.
///
/// - SeeAlso: github.com/distribution/reference.
package struct ImageReference: Sendable, Hashable {
    package let host: RegistryHost
    package let repository: RepositoryName
    package let tag: Tag?
    package let digest: Digest?

    package init(host: RegistryHost, repository: RepositoryName, tag: Tag) {
        self.init(host: host, repository: repository, tag: tag, digest: nil)
    }

    package init(host: RegistryHost, repository: RepositoryName, digest: Digest) {
        self.init(host: host, repository: repository, tag: nil, digest: digest)
    }

    private init(host: RegistryHost, repository: RepositoryName, tag: Tag?, digest: Digest?) {
        self.host = host
        self.repository = repository
        self.tag = tag
        self.digest = digest
    }

    /// Parses `[host/]repository[:tag][@digest]`; without either the tag is `latest`.
    ///
    /// - Parameter defaultHost: what a name without a host means.
    /// - Throws: ``ImageSpecError``.
    package init(
        _ string: some StringProtocol,
        defaultHost: RegistryHost = .dockerHub
    ) throws(ImageSpecError) {
        try self.init(parsing: String(string), defaultHost: defaultHost)
    }

    private init(parsing text: String, defaultHost: RegistryHost) throws(ImageSpecError) {
        guard !text.isEmpty else { throw .invalidReference(text, reason: "it is empty") }
        var rest = text[...]
        digest = try Self.cutDigest(from: &rest)
        tag =
            try Self.cutTag(from: &rest)
            .map { (tag) throws(ImageSpecError) in try Tag(tag) } ?? (digest == nil ? .latest : nil)
        let (hostText, path) = Self.splitHost(rest)
        host = try hostText.map { (text) throws(ImageSpecError) in try Self.canonicalHost(text) } ?? defaultHost
        // Docker Hub's own images live under library/.
        let isOfficial = host == .dockerHub && !path.utf8.contains(UInt8(ascii: "/"))
        if path.utf8.contains(where: { $0 >= 0x80 || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }),
            path.contains(where: \.isUppercase)
        {
            throw .invalidReference(text, reason: "the repository name must be lower case")
        }
        repository = try RepositoryName(isOfficial ? "library/\(path)" : String(path))
    }

    /// What to ask the registry for: the digest where there is one, else the tag.
    package var manifestReference: ManifestReference {
        if let digest { .digest(digest) } else { .tag(tag ?? .latest) }
    }

    /// Whether a name says which of a repository's images it means, and not only the repository.
    package static func hasTagOrDigest(_ name: some StringProtocol) -> Bool {
        var rest = String(name)[...]
        return rest.contains("@") || cutTag(from: &rest) != nil
    }

    private static func cutDigest(from text: inout Substring) throws(ImageSpecError) -> Digest? {
        guard let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else { return nil }
        defer { text = text[..<at] }
        return try Digest(text[text.utf8.index(after: at)...])
    }

    /// A colon behind the last slash begins a tag; one before it, a port.
    private static func cutTag(from text: inout Substring) -> Substring? {
        let name = text.utf8.lastIndex(of: UInt8(ascii: "/")) ?? text.startIndex
        guard let colon = text.utf8[name...].firstIndex(of: UInt8(ascii: ":")) else { return nil }
        defer { text = text[..<colon] }
        return text[text.utf8.index(after: colon)...]
    }

    private static func splitHost(_ text: Substring) -> (host: Substring?, path: Substring) {
        guard let slash = text.utf8.firstIndex(of: UInt8(ascii: "/")), RegistryHost.looksLikeHost(text[..<slash]) else {
            return (nil, text)
        }
        return (text[..<slash], text[text.utf8.index(after: slash)...])
    }

    private static func canonicalHost(_ text: Substring) throws(ImageSpecError) -> RegistryHost {
        text == "index.docker.io" ? .dockerHub : try RegistryHost(text)
    }
}

extension ImageReference: CustomStringConvertible {
    /// The complete name, such as `docker.io/library/nginx:latest`.
    package var description: String {
        "\(host)/\(repository)" + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The repository as docker shows it: `nginx`, `team/app`, `localhost:5000/app`.
    package var familiarRepository: String {
        guard host == .dockerHub else { return "\(host)/\(repository)" }
        let library = "library/"
        let isOfficial =
            repository.rawValue.hasPrefix(library) && !repository.rawValue.dropFirst(library.count).contains("/")
        return isOfficial ? String(repository.rawValue.dropFirst(library.count)) : repository.rawValue
    }

    /// The repository as it may be typed where names without a host mean `defaultHost`.
    package func familiarRepository(defaultHost: RegistryHost) -> String {
        defaultHost == .dockerHub ? familiarRepository : "\(host)/\(repository)"
    }

    /// The name as it may be typed where names without a host mean `defaultHost`.
    package func familiarName(defaultHost: RegistryHost) -> String {
        familiarRepository(defaultHost: defaultHost) + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }

    /// The name as docker shows it, such as `nginx:latest`.
    package var familiarName: String {
        familiarRepository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "")
    }
}
