import ImageSpec

/// Gives many names in an index, in time that grows with their number and the index's, and not with the product.
struct IndexNaming {
    /// Nil where an entry went.
    private var entries: [LayoutEntry?]
    /// Most often one each, but other tools may have given a name twice: then the first counts, and all go together.
    private var positionsByName: [String: [Int]] = [:]
    /// By the manifest's digest, as it stands in the entry.
    private var positionsByDigest: [String: Set<Int>] = [:]
    private(set) var hasChanged = false

    init(_ entries: [LayoutEntry]) {
        self.entries = entries
        for (position, entry) in entries.enumerated() { list(entry, at: position) }
    }

    /// What is there now, in order.
    var result: [LayoutEntry] { entries.compactMap(\.self) }

    /// Lists a manifest by its names, or, when it has none here, by its digest.
    ///
    /// What a name stood for before loses it, but stays.
    mutating func add(_ manifest: NamedManifest) throws {
        for name in manifest.names { try give(name, to: manifest) }
        guard manifest.names.isEmpty, positions(of: manifest.descriptor.digest).isEmpty else { return }
        append(try LayoutEntry(manifest.descriptor, name: nil, resolved: nil))
    }

    private mutating func give(_ name: ImageReference, to manifest: NamedManifest) throws {
        let entry = try LayoutEntry(manifest.descriptor, name: name, resolved: manifest.resolved)
        let named = positionsByName[name.layoutName] ?? []
        let displaced = named.first.flatMap { entries[$0] }
        guard displaced != entry else { return }
        for position in named { remove(at: position) }
        for position in positions(of: manifest.descriptor.digest) where entries[position]?.name == nil {
            remove(at: position)
        }
        if let displaced, let descriptor = displaced.descriptor, descriptor.digest != manifest.descriptor.digest,
            positions(of: descriptor.digest).isEmpty
        {
            append(try LayoutEntry(descriptor, name: nil, resolved: displaced.resolvedDigest))
        }
        append(entry)
    }

    private func positions(of digest: Digest) -> Set<Int> { positionsByDigest["\(digest)"] ?? [] }

    private mutating func append(_ entry: LayoutEntry) {
        entries.append(entry)
        list(entry, at: entries.count - 1)
        hasChanged = true
    }

    private mutating func list(_ entry: LayoutEntry, at position: Int) {
        if let name = entry.name { positionsByName[name, default: []].append(position) }
        if let digest = entry.digestText { positionsByDigest[digest, default: []].insert(position) }
    }

    private mutating func remove(at position: Int) {
        guard let entry = entries[position] else { return }
        entries[position] = nil
        if let name = entry.name { positionsByName[name]?.removeAll { $0 == position } }
        if let digest = entry.digestText { positionsByDigest[digest]?.remove(position) }
        hasChanged = true
    }
}

extension LayoutEntry {
    fileprivate var digestText: String? { json["digest"]?.string }
}
