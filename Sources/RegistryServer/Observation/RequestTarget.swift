/// What a request's target names, as far as logs and metrics tell: as the client spelled it, valid or not.
///
/// ``RegistryPath`` decides what is answered; this reads no percent-encodings, checks nothing and costs next to nothing.
struct RequestTarget: Equatable {
    var route = RequestRoute.other
    var repository: Substring?
    /// A tag, digest or upload session.
    var reference: Substring?

    /// - Parameter target: a path and its query.
    init(_ target: String) {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        guard path.starts(with: "/v2".utf8) else {
            if path.elementsEqual("/livez".utf8) || path.elementsEqual("/readyz".utf8) { route = .health }
            return
        }
        var rest = path.dropFirst(3)
        guard !rest.isEmpty else {
            route = .version
            return
        }
        guard rest.removeFirst() == Self.slash else { return }
        if rest.isEmpty {
            route = .version
        } else if rest.elementsEqual("_catalog".utf8) {
            route = .catalog
        } else {
            readParts(of: rest)
        }
    }

    private static let slash = UInt8(ascii: "/")

    /// From the end, since a repository's name may have any parts.
    private mutating func readParts(of path: Substring.UTF8View) {
        guard let (front, last) = Self.cut(path), let (name, kind) = Self.cut(front) else { return }
        if kind.elementsEqual("manifests".utf8) {
            take(.manifest, name, last)
        } else if kind.elementsEqual("blobs".utf8) {
            last.elementsEqual("uploads".utf8) ? take(.uploads, name) : take(.blob, name, last)
        } else if kind.elementsEqual("uploads".utf8), let (name, kind) = Self.cut(name),
            kind.elementsEqual("blobs".utf8)
        {
            last.isEmpty ? take(.uploads, name) : take(.upload, name, last)
        } else if kind.elementsEqual("referrers".utf8) {
            take(.referrers, name, last)
        } else if kind.elementsEqual("tags".utf8) {
            take(.tags, name, last.elementsEqual("list".utf8) ? nil : last)
        }
    }

    private mutating func take(
        _ route: RequestRoute,
        _ repository: Substring.UTF8View,
        _ reference: Substring.UTF8View? = nil
    ) {
        self.route = route
        self.repository = Substring(repository)
        self.reference = reference.map(Substring.init)
    }

    /// What stands before and behind the last slash; nil when there is none.
    private static func cut(_ path: Substring.UTF8View) -> (Substring.UTF8View, Substring.UTF8View)? {
        guard let end = path.lastIndex(of: slash) else { return nil }
        return (path[..<end], path[path.index(after: end)...])
    }
}
