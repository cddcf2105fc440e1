/// A path as users of `cp` give it.
package struct CopyPath: Sendable, Equatable {
    /// From the root, without `.`, `..` and empty ones.
    let components: [Substring]
    /// Whether it must be a folder: it ends with `/` or `/.`.
    let assertsFolder: Bool
    /// Whether the folder's content is meant: it ends with `/.`.
    let meansContent: Bool

    package init(_ text: String) {
        var components: [Substring] = []
        for component in text.split(separator: "/") where component != "." {
            if component == ".." { _ = components.popLast() } else { components.append(component) }
        }
        self.components = components
        assertsFolder = Self.assertsFolder(text)
        meansContent = text == "." || text.hasSuffix("/.") || components.isEmpty
    }

    package static func assertsFolder(_ text: String) -> Bool {
        text.hasSuffix("/") || text.hasSuffix("/.") || text == "."
    }

    /// Empty for the root.
    var name: String { components.last.map(String.init) ?? "" }
    var parent: String { "/" + components.dropLast().joined(separator: "/") }
    var path: String { "/" + components.joined(separator: "/") }
}
