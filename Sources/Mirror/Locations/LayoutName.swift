import ImageSpec

/// Which image of a layout is meant.
package enum LayoutName: Sendable, Hashable {
    /// What the annotation `org.opencontainers.image.ref.name` says: most often a tag.
    case name(String)
    case digest(Digest)

    /// In characters.
    private static let maximumLength = 1024

    /// Cuts `path[:name]` or `path@digest` in two.
    static func split(_ text: Substring) throws -> (path: Substring, name: LayoutName?) {
        if let at = text.lastIndex(of: "@"), let digest = try? Digest(text[text.index(after: at)...]) {
            return (text[..<at], .digest(digest))
        }
        guard let colon = text.firstIndex(of: ":") else { return (text, nil) }
        let name = text[text.index(after: colon)...]
        guard
            !name.isEmpty, name.count <= maximumLength,
            name.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else { throw MirrorError.invalidLocation(String(text), reason: "what stands behind the colon is no name") }
        return (text[..<colon], .name(String(name)))
    }
}

extension LayoutName: CustomStringConvertible {
    package var description: String {
        switch self {
        case .name(let name): ":\(name)"
        case .digest(let digest): "@\(digest)"
        }
    }
}
