import Foundation
import NIOHTTP1

extension PreparedRequest {
    /// A request by the administration's addresses: about accounts that an administrator has just made for it.
    init(administration row: AccessMatrix.Row, _ bench: AccessBench) async throws {
        let parts = row.route.split(separator: " ", maxSplits: 1).map(String.init)
        let method = HTTPMethod(rawValue: parts[0])
        let name = "x" + UUID().uuidString.lowercased()
        var path = parts[1].replacing("{name}", with: name).replacing("{group}", with: "g" + name)
        let pattern = row.variant == "one" ? "secret/app" : "secret/**"
        var body: [String: Any]?

        switch (parts[1].dropFirst("/api/v1/".count), method) {
        case ("users", .POST): body = ["name": name, "password": TestAccounts.password]
        case ("users/{name}", _):
            try await bench.make("users", ["name": name])
            if method == .PATCH { body = ["enabled": false] }
        case ("groups/{group}/members/{name}", _), ("groups/{group}", _):
            try await bench.make("users", ["name": name])
            if method == .DELETE { try await bench.make(.PUT, "groups/g\(name)/members/\(name)") }
        case ("tokens", .POST): body = ["name": "laptop"]
        case ("tokens/{id}", _):
            let token = try await bench.make("tokens", ["name": "laptop"])
            path = path.replacing("{id}", with: "\(token["id"] ?? "")")
        case ("robots", .POST): body = ["name": name]
        case ("robots/{name}", _), ("robots/{name}/rotate", _):
            try await bench.make("robots", ["name": name])
            if method == .PATCH { body = ["enabled": false] }
            if method == .POST { body = [:] }
        case ("grants", .PUT): body = ["subject": "stranger", "pattern": pattern, "actions": ["delete"]]
        case ("grants", .GET), ("rules", .GET):
            if row.variant == "one" { path += "?pattern=\(pattern)" }
        case ("grants", .DELETE):
            try await bench.make(.PUT, "grants", ["subject": "stranger", "pattern": pattern, "actions": ["delete"]])
            path += "?subject=stranger&pattern=\(pattern)"
        case ("rules", .PUT): body = ["pattern": pattern, "visibility": "private"]
        case ("rules", .DELETE):
            try await bench.make(.PUT, "rules", ["pattern": pattern, "visibility": "private"])
            path += "?pattern=\(pattern)"
        case ("quotas", .PUT): body = ["namespace": "elsewhere", "repositories": 3]
        case ("quotas", .DELETE):
            try await bench.make(.PUT, "quotas", ["namespace": "elsewhere", "repositories": 3])
            path += "?namespace=elsewhere"
        case ("cache/pins", .POST): body = ["pattern": "nothing:*"]
        case ("cache/unpin", _):
            try await bench.make("cache/pins", ["pattern": "nothing:*"])
            body = ["pattern": "nothing:*"]
        case ("cache/warm", _): body = ["image": "hub.test/team/app:latest"]
        case ("cache/evict", _): body = ["pattern": "nothing:*"]
        default: break
        }
        try self.init(
            method,
            path,
            headers: body == nil ? [:] : ["content-type": "application/json"],
            body: body.map { Array(try JSONSerialization.data(withJSONObject: $0)) }
        )
    }
}

extension AccessBench {
    /// Has the administrator make something, which must succeed.
    @discardableResult
    func make(
        _ method: HTTPMethod = .POST,
        _ path: String,
        _ order: [String: Any]? = nil
    ) async throws -> [String: Any] {
        var headers = headers(of: "root")
        if order != nil { headers.add(name: "content-type", value: "application/json") }
        let reply = try await server.call(
            method,
            "/api/v1/\(path)",
            headers: headers,
            body: try order.map { Array(try JSONSerialization.data(withJSONObject: $0)) }
        )
        guard (200..<300).contains(reply.status) else { throw UnexpectedReply(reply: reply) }
        return try JSONSerialization.jsonObject(with: Data(reply.body.isEmpty ? Array("{}".utf8) : reply.body))
            as? [String: Any] ?? [:]
    }
}
