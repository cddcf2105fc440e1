/// The name of a group of accounts.
package struct GroupName: Sendable, Hashable, Comparable {
    package let rawValue: String

    /// - Throws: ``AccessError/invalidName(_:)``.
    package init(_ text: some StringProtocol) throws(AccessError) {
        guard NameRule.allows(text) else { throw .invalidName(String(text.prefix(NameRule.maximumLength + 1))) }
        rawValue = String(text)
    }

    package static func < (left: GroupName, right: GroupName) -> Bool { left.rawValue < right.rawValue }
}

extension GroupName: CustomStringConvertible {
    package var description: String { rawValue }
}
