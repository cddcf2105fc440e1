import SystemPackage

/// What a container has done to a file of its image.
package struct FileChange: Sendable, Codable, Equatable {
    package enum Kind: String, Sendable, Codable {
        case added = "A"
        case changed = "C"
        case deleted = "D"
    }

    package let kind: Kind
    /// From the container's root.
    package let path: String

    init(_ kind: Kind, _ name: FilePath) {
        self.kind = kind
        path = "/\(name.string)"
    }
}
