/// The name of an account, of a person or of a robot, such as `alice` or `ci@example.com`.
package struct AccountName: Sendable, Hashable, Comparable {
    package let rawValue: String

    /// - Throws: ``AccessError/invalidName(_:)``.
    package init(_ text: some StringProtocol) throws(AccessError) {
        guard NameRule.allows(text) else { throw .invalidName(String(text.prefix(NameRule.maximumLength + 1))) }
        rawValue = String(text)
    }

    package static func < (left: AccountName, right: AccountName) -> Bool { left.rawValue < right.rawValue }
}

extension AccountName: CustomStringConvertible {
    package var description: String { rawValue }
}
