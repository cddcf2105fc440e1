/// A version by semver.org, or one that leaves some of its numbers out, as tags often do: `v1.4.2-rc.1`, `1.25`.
package struct SemanticVersion: Sendable, Hashable {
    enum Identifier: Sendable, Hashable {
        case number(UInt64)
        case text(String)
    }

    let major, minor, patch: UInt64
    /// What stands behind the hyphen; empty for a release.
    let prerelease: [Identifier]
    /// How many of the three numbers were written.
    let precision: Int

    init(_ major: UInt64, _ minor: UInt64 = 0, _ patch: UInt64 = 0, prerelease: [Identifier] = []) {
        (self.major, self.minor, self.patch) = (major, minor, patch)
        self.prerelease = prerelease
        precision = 3
    }

    /// Nil for what is no version.
    package init?(_ text: some StringProtocol) {
        var rest = Substring(text)
        if rest.first == "v" || rest.first == "V" { rest = rest.dropFirst() }
        // Builds don't count in comparisons; tags can't have them.
        rest = rest.prefix { $0 != "+" }
        let halves = rest.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        let numbers = halves[0].split(separator: ".", omittingEmptySubsequences: false).map(Self.number)
        guard (1...3).contains(numbers.count), let major = numbers[0] else { return nil }
        var all: [UInt64] = [major]
        for number in numbers.dropFirst() {
            guard let number else { return nil }
            all.append(number)
        }
        var identifiers: [Identifier] = []
        if halves.count == 2 {
            for part in halves[1].split(separator: ".", omittingEmptySubsequences: false) {
                guard !part.isEmpty, part.utf8.allSatisfy(Self.isIdentifierByte) else { return nil }
                identifiers.append(Self.number(part).map { .number($0) } ?? .text(String(part)))
            }
        }
        self.major = major
        minor = all.count > 1 ? all[1] : 0
        patch = all.count > 2 ? all[2] : 0
        prerelease = identifiers
        precision = all.count
    }

    var isPrerelease: Bool { !prerelease.isEmpty }

    /// Of decimal digits only; leading zeros are read, for tags like `24.04` have them.
    private static func number(_ text: Substring) -> UInt64? {
        guard text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt64(text)
    }

    private static func isIdentifierByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

extension SemanticVersion: Comparable {
    /// By precedence.
    ///
    /// - SeeAlso: semver.org 2.0.0, item 11.
    package static func < (left: SemanticVersion, right: SemanticVersion) -> Bool {
        let (one, other) = ((left.major, left.minor, left.patch), (right.major, right.minor, right.patch))
        guard one == other else { return one < other }
        guard left.isPrerelease, right.isPrerelease else { return left.isPrerelease && !right.isPrerelease }
        for (one, other) in zip(left.prerelease, right.prerelease) where one != other { return one < other }
        return left.prerelease.count < right.prerelease.count
    }

    /// By precedence: `1.2` is `1.2.0`.
    package static func == (left: SemanticVersion, right: SemanticVersion) -> Bool {
        (left.major, left.minor, left.patch) == (right.major, right.minor, right.patch)
            && left.prerelease == right.prerelease
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(major)
        hasher.combine(minor)
        hasher.combine(patch)
        hasher.combine(prerelease)
    }
}

extension SemanticVersion.Identifier: Comparable {
    static func < (left: Self, right: Self) -> Bool {
        switch (left, right) {
        case (.number(let one), .number(let other)): one < other
        case (.number, .text): true
        case (.text, .number): false
        case (.text(let one), .text(let other)): one.utf8.lexicographicallyPrecedes(other.utf8)
        }
    }
}
