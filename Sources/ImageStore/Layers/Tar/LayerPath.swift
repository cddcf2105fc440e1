import Glibc
import SystemPackage

/// A name in a layer: from the layer's root, with no `.`, no `..` and no empty component.
///
/// Kept as bytes, not as a `FilePath`: hostile names have thousands of components, and each step must stay cheap.
struct LayerPath: Hashable {
    /// In bytes; the longest that a system call takes.
    static let maximumLength = Int(PATH_MAX) - 1

    /// The absolute path in a process whose root is the layer's, with a zero byte at the end.
    let bytes: [CChar]

    /// Reads a name as docker does: absolute names are meant from the layer's root; `..` takes back a component.
    ///
    /// - Throws: ``LayerFailure`` when `..` leads out of the layer, or the name is too long for any file.
    init(_ name: UnsafePointer<CChar>) throws(LayerFailure) {
        let name = UnsafeBufferPointer(start: name, count: strlen(name))
        guard name.count <= Self.maximumLength else {
            throw LayerFailure("an entry's name is too long: it has \(name.count) bytes")
        }
        var components: [Slice<UnsafeBufferPointer<CChar>>] = []
        for component in name.split(separator: Self.slash) where !component.elementsEqual([Self.dot]) {
            if component.elementsEqual([Self.dot, Self.dot]) {
                guard components.popLast() != nil else {
                    throw LayerFailure("the entry '\(Self.text(name))' leads out of the layer")
                }
            } else {
                components.append(component)
            }
        }
        bytes = [Self.slash] + components.joined(separator: [Self.slash]) + [0]
    }

    /// Where a symbolic link to `target` in this folder leads.
    ///
    /// - Parameter target: the bytes as they stand, with a zero byte at the end.
    func following(_ target: [CChar]) throws(LayerFailure) -> LayerPath {
        guard target.first != Self.slash else { return try LayerPath(target) }
        return try LayerPath(bytes.dropLast() + [Self.slash] + target)
    }

    /// The path that begins with `new` where this one begins with `old`; nil stands for no component.
    ///
    /// - Throws: ``LayerFailure`` when this one doesn't.
    func renamed(from old: String?, to new: String?) throws(LayerFailure) -> LayerPath {
        var rest = bytes.dropLast()[...]
        if let old {
            let prefix = [Self.slash] + old.utf8.map { CChar(bitPattern: $0) }
            guard rest.starts(with: prefix), rest.count == prefix.count || rest[prefix.count] == Self.slash else {
                throw LayerFailure("the entry '\(self)' is not below '\(old)'")
            }
            rest = rest.dropFirst(prefix.count)
        }
        guard let new else { return rest.isEmpty ? LayerPath(absolute: [Self.slash]) : LayerPath(absolute: rest) }
        let tail = rest.elementsEqual([Self.slash]) ? [] : rest
        return LayerPath(absolute: [Self.slash] + new.utf8.map { CChar(bitPattern: $0) } + tail)
    }

    private init(absolute bytes: some Sequence<CChar>) {
        self.bytes = bytes + [0]
    }

    private static let slash = CChar(bitPattern: UInt8(ascii: "/"))
    private static let dot = CChar(bitPattern: UInt8(ascii: "."))

    var isRoot: Bool { bytes.count == 2 }

    /// The last component's bytes; empty for the root.
    var name: ArraySlice<CChar> { bytes[(lastSlash + 1)...].dropLast() }

    /// The folder that the name is in; the root's is the root.
    var parent: LayerPath { LayerPath(absolute: bytes[..<max(lastSlash, 1)]) }

    /// The paths from the outermost folder to this one.
    var lineage: [LayerPath] {
        guard !isRoot else { return [] }
        let ends = bytes.indices.dropFirst().filter { bytes[$0] == Self.slash } + [bytes.count - 1]
        return ends.map { LayerPath(absolute: bytes[..<$0]) }
    }

    /// Another name in the same folder; `name` is one component.
    func sibling(_ name: ArraySlice<CChar>) -> LayerPath { LayerPath(absolute: bytes[...lastSlash] + name) }

    private var lastSlash: Int { bytes.lastIndex(of: Self.slash) ?? 0 }

    private static func text(_ bytes: some Sequence<CChar>) -> String {
        String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

extension LayerPath: CustomStringConvertible {
    var description: String { Self.text(bytes.dropLast()) }

    /// For what is done rarely.
    var filePath: FilePath { FilePath(platformString: bytes) }
}
