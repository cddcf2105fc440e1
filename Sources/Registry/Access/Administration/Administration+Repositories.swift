import Access
import ImageSpec
import Storage

extension Administration {
    /// Grants in the order of their subjects: all for administrators, those for one repository for who administers it.
    package func grants(on pattern: RepositoryPattern?) throws -> [Grant] {
        if let pattern {
            try requireAdministration(of: pattern)
            return access.grants.filter { $0.scope.pattern == pattern }
        }
        try requireAdministrator()
        return access.grants
    }

    package func grant(_ grant: Grant) async throws {
        try requireAdministration(of: grant.scope.pattern)
        try await access.grant(grant)
        try await record(
            .addGrant,
            grant.scope.pattern.text,
            repository: literal(grant.scope.pattern),
            detail: "\(grant.subject) \(grant.scope.actions)"
        )
    }

    package func revokeGrant(to subject: GrantSubject, on pattern: RepositoryPattern) async throws {
        try requireAdministration(of: pattern)
        try await access.revokeGrant(to: subject, on: pattern)
        try await record(.removeGrant, pattern.text, repository: literal(pattern), detail: subject.description)
    }

    /// Rules, the more specific first: all for administrators, that of one repository for who administers it.
    package func rules(of pattern: RepositoryPattern?) throws -> [RepositoryRule] {
        if let pattern {
            try requireAdministration(of: pattern)
            return access.policy.rules.filter { $0.pattern == pattern }
        }
        try requireAdministrator()
        return access.policy.rules
    }

    package func setRule(_ rule: RepositoryRule) async throws {
        try requireAdministration(of: rule.pattern)
        try await access.setRule(rule)
        let parts = [
            rule.visibility.map { "visibility \($0.rawValue)" }, rule.creation.map { "creation \($0.rawValue)" },
            rule.immutableTags.map { "immutable tags \($0.joined(separator: " "))" },
        ]
        try await record(
            .setRule,
            rule.pattern.text,
            repository: literal(rule.pattern),
            detail: parts.compactMap { $0 }.joined(separator: ", ")
        )
    }

    package func removeRule(_ pattern: RepositoryPattern) async throws {
        try requireAdministration(of: pattern)
        try await access.removeRule(pattern)
        try await record(.removeRule, pattern.text, repository: literal(pattern))
    }

    private func literal(_ pattern: RepositoryPattern) -> RepositoryName? { try? RepositoryName(pattern.text) }
}

/// Quotas, which are administrators' alone.
extension Administration {
    /// The limits, and how much of them is used, that of the whole registry first.
    package func quotas() async throws -> [QuotaUse] { try await registry.quotas(as: caller) }

    package func setQuota(_ quota: Quota) async throws {
        try requireAdministrator()
        guard quota.bytes != nil || quota.repositories != nil, quota.bytes ?? 0 >= 0, quota.repositories ?? 0 >= 0
        else {
            throw AccessControlError.quotaInvalid(reason: "a quota should have bytes, repositories or both, from 0 on")
        }
        try await registry.setQuota(quota, as: caller)
    }

    package func removeQuota(of namespace: RepositoryName?) async throws {
        guard try await registry.removeQuota(of: namespace, as: caller) else {
            throw AccessControlError.quotaUnknown(namespace)
        }
    }
}
