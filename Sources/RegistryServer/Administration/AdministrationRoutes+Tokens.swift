import Access
import Hummingbird
import Registry

extension AdministrationRoutes {
    func addTokens(to router: Router<RegistryRequestContext>) {
        on(.get, "/tokens", router) { administration, request, _ in
            let owner = Self.query("owner", request)
            // A star is no account's name.
            let tokens =
                owner == "*"
                ? try administration.allTokens() : try administration.tokens(of: try owner.map { try AccountName($0) })
            return try Self.json(tokens.map { TokenView($0) })
        }
        on(.post, "/tokens", router) { administration, request, _ in
            let order = try await Orders.read(NewTokenOrder.self, from: request)
            let new = try await administration.makeToken(
                order.name,
                for: try order.owner.map { try AccountName($0) },
                scopes: try order.scopes?.prefix(1000).map { try Scope($0) },
                lifetime: try Self.duration(order.expiresIn, "expires_in")
            )
            return try Self.json(TokenView(new), status: .created)
        }
        on(.delete, "/tokens/{id}", router) { administration, _, context in
            try await administration.revokeToken(try Self.parameter("id", context))
            return Self.nothing
        }
        addRobots(to: router)
    }

    private func addRobots(to router: Router<RegistryRequestContext>) {
        on(.get, "/robots", router) { administration, _, _ in
            try Self.json(try administration.accounts(.robot).map { AccountView($0, administration) })
        }
        on(.post, "/robots", router) { administration, request, _ in
            let order = try await Orders.read(NewRobot.self, from: request)
            let new = try await administration.addRobot(
                try AccountName(order.name),
                lifetime: try Self.duration(order.expiresIn, "expires_in")
            )
            return try Self.json(TokenView(new), status: .created)
        }
        on(.get, "/robots/{name}", router) { administration, _, context in
            try Self.json(AccountView(try administration.account(try Self.account(context), .robot), administration))
        }
        on(.patch, "/robots/{name}", router) { administration, request, context in
            let order = try await Orders.read(RobotChange.self, from: request)
            let account = try await administration.setEnabled(order.enabled, robot: try Self.account(context))
            return try Self.json(AccountView(account, administration))
        }
        on(.delete, "/robots/{name}", router) { administration, _, context in
            try await administration.removeAccount(try Self.account(context), .robot)
            return Self.nothing
        }
        on(.post, "/robots/{name}/rotate", router) { administration, request, context in
            let order = try await Orders.read(Rotation.self, from: request)
            let new = try await administration.rotateSecret(
                of: try Self.account(context),
                overlap: try Self.duration(order.overlap, "overlap"),
                lifetime: try Self.duration(order.expiresIn, "expires_in")
            )
            return try Self.json(TokenView(new))
        }
    }

    private struct NewTokenOrder: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case name
            case owner
            case scopes
            case expiresIn = "expires_in"
        }

        let name: String
        let owner: String?
        let scopes: [String]?
        /// In seconds.
        let expiresIn: Int64?
    }

    private struct NewRobot: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case name
            case expiresIn = "expires_in"
        }

        let name: String
        let expiresIn: Int64?
    }

    private struct RobotChange: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case enabled
        }

        let enabled: Bool
    }

    private struct Rotation: AdministrationOrder {
        enum CodingKeys: String, CodingKey, CaseIterable {
            case overlap
            case expiresIn = "expires_in"
        }

        /// In seconds.
        let overlap: Int64?
        let expiresIn: Int64?
    }
}
