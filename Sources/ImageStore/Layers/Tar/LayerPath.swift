import SystemPackage

/// A name in a layer: its components below the layer's root, with no `.`, no `..` and none empty.
struct LayerPath: Hashable {
    let components: [FilePath.Component]

    /// Reads a name as docker does: absolute names are meant from the layer's root; `..` takes back a component.
    ///
    /// - Throws: ``LayerFailure`` when `..` leads out of the layer.
    init(_ name: FilePath) throws(LayerFailure) {
        var components: [FilePath.Component] = []
        for component in name.components {
            switch component.kind {
            case .regular:
                components.append(component)
            case .currentDirectory:
                break
            case .parentDirectory:
                guard components.popLast() != nil else {
                    throw LayerFailure("the entry '\(name)' leads out of the layer")
                }
            }
        }
        self.components = components
    }

    private init(_ components: [FilePath.Component]) {
        self.components = components
    }

    var isRoot: Bool { components.isEmpty }

    /// The folder that the name is in; the root's is the root.
    var parent: LayerPath { LayerPath(components.dropLast()) }

    /// The absolute path in a process whose root is the layer's.
    var path: FilePath { FilePath(root: "/", components) }

    /// The paths from the outermost folder to this one.
    var lineage: [LayerPath] { components.indices.map { LayerPath(Array(components[...$0])) } }

    func sibling(_ name: FilePath.Component) -> LayerPath { LayerPath(components.dropLast() + [name]) }
}

extension LayerPath: CustomStringConvertible {
    var description: String { path.string }
}
