import Access

extension AccessControl {
    private static let maximumTagPatterns = 100
    /// In bytes, as a tag's.
    private static let maximumTagPatternLength = 128

    /// Sets what holds for the repositories of a pattern, all of it; a rule that says nothing ends the one that there is.
    ///
    /// - Throws: ``AccessControlError/ruleInvalid(reason:)``.
    package func setRule(_ rule: RepositoryRule) async throws {
        try Self.check(rule.immutableTags ?? [])
        if rule.visibility == nil, rule.creation == nil, rule.immutableTags == nil {
            _ = try await metadata.removeRule(rule.pattern)
        } else {
            try await metadata.setRule(rule)
        }
        try await reload()
    }

    /// - Throws: ``AccessControlError/ruleUnknown(_:)``.
    package func removeRule(_ pattern: RepositoryPattern) async throws {
        guard try await metadata.removeRule(pattern) else { throw AccessControlError.ruleUnknown(pattern) }
        try await reload()
    }

    private static func check(_ tags: [String]) throws(AccessControlError) {
        guard tags.count <= maximumTagPatterns else {
            throw .ruleInvalid(reason: "a rule can have \(maximumTagPatterns) patterns of tags at most")
        }
        for tag in tags {
            let isPattern = tag.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._-*?".utf8.contains(byte)
                }
            }
            guard !tag.isEmpty, tag.utf8.count <= maximumTagPatternLength, isPattern else {
                throw .ruleInvalid(reason: "'\(tag.prefix(100))' can't be a pattern of tags, as v*.*.* is one")
            }
        }
    }
}
