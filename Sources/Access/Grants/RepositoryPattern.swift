import ImageSpec

/// Which repositories a rule is about.
///
/// Part by part: `*` within a part stands for any characters of it, and a last part `**` for one or more whole parts.
/// `team/*` is team/app, not team/app/cache; `team/**` is both; `**` is every repository.
package struct RepositoryPattern: Sendable, Hashable {
    package let text: String
    private let parts: [GlobPattern]
    private let takesRest: Bool

    /// - Throws: ``AccessError/invalidPattern(_:)``.
    package init(_ text: some StringProtocol) throws(AccessError) {
        let text = String(text)
        var parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let takesRest = parts.last == "**"
        if takesRest { parts.removeLast() }
        guard text.utf8.count <= RepositoryName.maximumLength, parts.allSatisfy(Self.isPart) else {
            throw .invalidPattern(String(text.prefix(RepositoryName.maximumLength + 1)))
        }
        self.text = text
        self.takesRest = takesRest
        self.parts = parts.map { GlobPattern($0) }
    }

    /// This repository alone.
    package init(_ repository: RepositoryName) {
        text = repository.rawValue
        takesRest = false
        parts = text.split(separator: "/").map { GlobPattern(String($0)) }
    }

    /// All repositories.
    package static let all = RepositoryPattern(takingAllAs: "**")

    private init(takingAllAs text: String) {
        self.text = text
        parts = []
        takesRest = true
    }

    package func matches(_ repository: RepositoryName) -> Bool {
        let names = repository.rawValue.split(separator: "/")
        guard takesRest ? names.count > parts.count : names.count == parts.count else { return false }
        return zip(parts, names).allSatisfy { $0.matches(String($1)) }
    }

    /// How much it says: of two patterns that match a repository, the one with more literal characters is about it.
    package var weight: Int {
        // A pattern without a star names one repository: nothing is closer.
        let literals = text.utf8.count { $0 != UInt8(ascii: "*") }
        return literals == text.utf8.count ? .max : literals * 2 + (takesRest ? 0 : 1)
    }

    private static func isPart(_ part: String) -> Bool {
        !part.isEmpty && !part.contains("**")
            && part.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."),
                    UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "*"):
                    true
                default: false
                }
            }
    }
}

extension RepositoryPattern: CustomStringConvertible {
    package var description: String { text }
}
