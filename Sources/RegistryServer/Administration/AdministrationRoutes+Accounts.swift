import Access
import Hummingbird
import Registry

extension AdministrationRoutes {
    func addAccounts(to router: Router<RegistryRequestContext>) {
        on(.get, "/whoami", router) { administration, _, _ in
            let (account, isAdministrator) = try administration.whoAmI()
            return try Self.json(
                WhoAmI(
                    name: account?.name.rawValue,
                    kind: account?.kind.rawValue,
                    administrator: isAdministrator,
                    groups: (account?.groups ?? []).map(\.rawValue).sorted()
                )
            )
        }
        on(.get, "/users", router) { administration, _, _ in
            try Self.json(try administration.accounts(.person).map { AccountView($0, administration) })
        }
        on(.post, "/users", router) { administration, request, _ in
            let order = try await Orders.read(NewUser.self, from: request)
            let account = try await administration.addPerson(
                try AccountName(order.name),
                password: order.password,
                isAdministrator: order.administrator ?? false,
                groups: Set(try (order.groups ?? []).prefix(1000).map { try GroupName($0) })
            )
            return try Self.json(AccountView(account, administration), status: .created)
        }
        on(.get, "/users/{name}", router) { administration, _, context in
            try Self.json(AccountView(try administration.account(try Self.account(context), .person), administration))
        }
        on(.patch, "/users/{name}", router) { administration, request, context in
            let order = try await Orders.read(UserChange.self, from: request)
            let account = try await administration.changePerson(
                try Self.account(context),
                password: order.password,
                isEnabled: order.enabled,
                isAdministrator: order.administrator
            )
            return try Self.json(AccountView(account, administration))
        }
        on(.delete, "/users/{name}", router) { administration, _, context in
            try await administration.removeAccount(try Self.account(context), .person)
            return Self.nothing
        }
        addGroups(to: router)
    }

    private func addGroups(to router: Router<RegistryRequestContext>) {
        on(.get, "/groups", router) { administration, _, _ in
            let groups = try administration.groups()
            return try Self.json(groups.map { Group(name: $0.name.rawValue, members: $0.members.map(\.rawValue)) })
        }
        on(.put, "/groups/{group}/members/{name}", router) { administration, _, context in
            try await administration.addMember(try Self.account(context), to: try Self.group(context))
            return Self.nothing
        }
        on(.delete, "/groups/{group}/members/{name}", router) { administration, _, context in
            try await administration.removeMember(try Self.account(context), from: try Self.group(context))
            return Self.nothing
        }
        on(.delete, "/groups/{group}", router) { administration, _, context in
            try await administration.removeGroup(try Self.group(context))
            return Self.nothing
        }
    }

    private struct WhoAmI: Encodable {
        let name: String?
        let kind: String?
        let administrator: Bool
        let groups: [String]
    }

    private struct Group: Encodable {
        let name: String
        let members: [String]
    }

    private struct NewUser: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case name
            case password
            case administrator
            case groups
        }

        let name: String
        let password: String?
        let administrator: Bool?
        let groups: [String]?
    }

    private struct UserChange: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case password
            case enabled
            case administrator
        }

        let password: String?
        let enabled: Bool?
        let administrator: Bool?
    }
}
