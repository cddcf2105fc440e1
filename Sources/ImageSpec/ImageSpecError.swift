/// What a name or document is refused for.
package enum ImageSpecError: Error, Sendable, Equatable {
    case invalidDigest(String)
    case invalidRepositoryName(String)
    case invalidTag(String)
    case invalidReference(String, reason: String)
    case invalidMediaType(String)
    case invalidPlatform(String)
    case invalidManifest(reason: String)
    /// Docker's schema 1, of before 2016.
    case obsoleteManifest
    case invalidImageConfig(reason: String)
    /// At this byte.
    case invalidJSON(position: Int)
}

extension ImageSpecError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidDigest(let text):
            "'\(text)' is not a digest: it should be sha256: or sha512: and its hexadecimal digits"
        case .invalidRepositoryName(let text):
            "'\(text)' is not a repository name: it should be lower-case letters, digits and single separators "
                + "(., _, __, -) in parts divided by /, at most \(RepositoryName.maximumLength) characters"
        case .invalidTag(let text):
            "'\(text)' is not a tag: it should be letters, digits, _, . and -, at most "
                + "\(Tag.maximumLength) characters, and not begin with . or -"
        case .invalidReference(let text, let reason):
            "'\(text)' is not an image reference: \(reason)"
        case .invalidMediaType(let text):
            "'\(text)' is not a media type"
        case .invalidPlatform(let text):
            "'\(text)' is not a platform: it should be os/architecture[/variant], such as linux/arm64"
        case .invalidManifest(let reason):
            "the manifest is not valid: \(reason)"
        case .obsoleteManifest:
            "it is a Docker schema 1 manifest, which isn't read any more"
        case .invalidImageConfig(let reason):
            "the image config is not valid: \(reason)"
        case .invalidJSON(let position):
            "it is not well-formed JSON at byte \(position)"
        }
    }
}
