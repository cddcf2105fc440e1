import Access
import HTTPTypes
import Hummingbird
import Registry

extension AdministrationRoutes {
    func addRepositories(to router: Router<RegistryRequestContext>) {
        on(.get, "/grants", router) { administration, request, _ in
            let grants = try administration.grants(on: try Self.pattern(request))
            return try Self.json(grants.map { GrantView($0) })
        }
        on(.put, "/grants", router) { administration, request, _ in
            let order = try await Orders.read(GrantOrder.self, from: request)
            let grant = Grant(
                try GrantSubject(order.subject),
                Scope(
                    try RepositoryPattern(order.pattern),
                    try Actions(order.actions.prefix(10).joined(separator: ","))
                )
            )
            try await administration.grant(grant)
            return try Self.json(GrantView(grant))
        }
        on(.delete, "/grants", router) { administration, request, _ in
            guard let subject = Self.query("subject", request), let pattern = try Self.pattern(request) else {
                throw WireError(.badRequest, .unsupported, "the query should have 'subject' and 'pattern'")
            }
            try await administration.revokeGrant(to: try GrantSubject(subject), on: pattern)
            return Self.nothing
        }
        on(.get, "/rules", router) { administration, request, _ in
            let rules = try administration.rules(of: try Self.pattern(request))
            return try Self.json(rules.map { RuleView($0) })
        }
        on(.put, "/rules", router) { administration, request, _ in
            let order = try await Orders.read(RuleOrder.self, from: request)
            let rule = RepositoryRule(
                try RepositoryPattern(order.pattern),
                visibility: try Self.choice(order.visibility, "visibility"),
                creation: try Self.choice(order.creation, "creation"),
                immutableTags: order.immutableTags
            )
            try await administration.setRule(rule)
            return try Self.json(RuleView(rule))
        }
        on(.delete, "/rules", router) { administration, request, _ in
            guard let pattern = try Self.pattern(request) else {
                throw WireError(.badRequest, .unsupported, "the query should have 'pattern'")
            }
            try await administration.removeRule(pattern)
            return Self.nothing
        }
    }

    static func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: String?,
        _ name: String
    ) throws -> Choice? {
        guard let text else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let allowed = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw WireError(.badRequest, .unsupported, "'\(name)' should be one of \(allowed)")
        }
        return choice
    }

    private struct GrantOrder: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case subject
            case pattern
            case actions
        }

        let subject: String
        let pattern: String
        let actions: [String]
    }

    private struct RuleOrder: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case pattern
            case visibility
            case creation
            case immutableTags = "immutable_tags"
        }

        let pattern: String
        let visibility: String?
        let creation: String?
        let immutableTags: [String]?
    }

    private struct GrantView: Encodable {
        let subject: String
        let pattern: String
        let actions: [String]

        init(_ grant: Grant) {
            subject = grant.subject.description
            pattern = grant.scope.pattern.text
            actions = grant.scope.actions.description.split(separator: ",").map(String.init)
        }
    }

    private struct RuleView: Encodable {
        let pattern: String
        let visibility: String?
        let creation: String?
        let immutableTags: [String]?

        enum CodingKeys: String, CodingKey {
            case pattern
            case visibility
            case creation
            case immutableTags = "immutable_tags"
        }

        init(_ rule: RepositoryRule) {
            pattern = rule.pattern.text
            visibility = rule.visibility?.rawValue
            creation = rule.creation?.rawValue
            immutableTags = rule.immutableTags
        }
    }
}
