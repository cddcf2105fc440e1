/// A set of versions: `>=1.2 <2`, `^1.4`, `~1.4.2`, `1.x`, `1.2 - 1.4`, `^1.4 || ^2.1`.
///
/// Bounds that stand side by side hold together; of those between `||` one is enough. As npm reads them.
package struct VersionRange: Sendable, Hashable {
    struct Bound: Sendable, Hashable {
        enum Kind: Sendable { case atLeast, above, below, atMost }

        let kind: Kind
        let version: SemanticVersion

        func admits(_ other: SemanticVersion) -> Bool {
            switch kind {
            case .atLeast: other >= version
            case .above: other > version
            case .below: other < version
            case .atMost: other <= version
            }
        }
    }

    package let text: String
    private let alternatives: [[Bound]]

    /// - Throws: ``PlanError/invalidVersionRange(_:)``.
    package init(_ text: String) throws(PlanError) {
        self.text = text
        var alternatives: [[Bound]] = []
        for part in text.split(separator: "|", omittingEmptySubsequences: true) {
            guard let bounds = VersionRangeParser.bounds(part) else {
                throw .invalidVersionRange(String(text.prefix(200)))
            }
            alternatives.append(bounds)
        }
        guard !alternatives.isEmpty else { throw .invalidVersionRange(String(text.prefix(200))) }
        self.alternatives = alternatives
    }

    /// - Parameter prereleases: whether prereleases may be among them; else only those of a version that the range
    ///   itself names with a prerelease.
    package func contains(_ version: SemanticVersion, prereleases: Bool = false) -> Bool {
        alternatives.contains { bounds in
            bounds.allSatisfy { $0.admits(version) }
                && (!version.isPrerelease || prereleases || bounds.contains { $0.names(version) })
        }
    }
}

extension VersionRange.Bound {
    /// Whether it has a prerelease, other than the lowest there is, of the very version that `other` is one of.
    fileprivate func names(_ other: SemanticVersion) -> Bool {
        version.isPrerelease && version.prerelease != SemanticVersion.lowest
            && (version.major, version.minor, version.patch) == (other.major, other.minor, other.patch)
    }
}

extension SemanticVersion {
    /// Comes before all other prereleases of a version.
    static let lowest: [Identifier] = [.number(0)]
}
