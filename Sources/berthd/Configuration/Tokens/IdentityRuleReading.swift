import Access
import Tokens
import Yams

/// Reads one rule of an identity provider.
struct IdentityRuleReading {
    private(set) var rule: IdentityRule?
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String, name: String) {
        var section = ConfigurationSection(node, in: file, name: name)
        defer { messages = section.finished() }
        guard let when = section.text("when") else {
            section.fail(node, "'\(name)' should have a condition, 'when'")
            return
        }
        let condition = Self.reading(&section, "when") { try ClaimExpression(when) }
        let grants = (section.texts("grant") ?? []).compactMap { text in
            Self.reading(&section, "grant") { try GrantTemplate(text) }
        }
        let groups = (section.texts("groups") ?? []).compactMap { text in
            Self.reading(&section, "groups") { try GroupName(text) }
        }
        let shown = Self.template(&section, "name")
        let account = Self.template(&section, "account")
        if grants.isEmpty, groups.isEmpty, account == nil {
            section.fail(node, "'\(name)' should have one of 'grant', 'groups' and 'account': it allows nothing")
        }
        if !groups.isEmpty, account != nil {
            section.fail(node, "'\(name)' can't have both 'groups' and 'account': an account has its own groups")
        }
        guard let condition else { return }
        rule = IdentityRule(condition: condition, grants: grants, name: shown, account: account, groups: groups)
    }

    private static func template(_ section: inout ConfigurationSection, _ key: String) -> ClaimTemplate? {
        guard let text = section.text(key) else { return nil }
        return reading(&section, key) { try ClaimTemplate(text) }
    }

    private static func reading<Value>(
        _ section: inout ConfigurationSection,
        _ key: String,
        _ read: () throws -> Value
    ) -> Value? {
        do {
            return try read()
        } catch {
            section.fail(section.node(key), "'\(section.name).\(key)' can't be read: \(error)")
            return nil
        }
    }
}
