import Foundation
import NIOHTTP1
import Testing

@Suite("Administration", .timeLimit(.minutes(3)))
struct AdministrationTests {
    @Test("who may do what is what the table says, for every kind of caller")
    func matrix() async throws {
        try await AdministrationBench.use { bench in
            for row in AdministrationMatrix.rows {
                for (caller, status) in row.statuses {
                    let order = try row.order.flatMap {
                        try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: any Sendable]
                    }
                    let method = HTTPMethod(rawValue: row.route.split(separator: " ").first.map(String.init) ?? "")
                    let reply = try await bench.ask(method, row.path, order, as: caller)
                    #expect(reply.status == status, "\(row) by \(caller): \(reply.text.prefix(200))")
                }
            }
        }
    }

    @Test("a wrong password is answered 401 and asks for a login; no answer has a hash or a secret that isn't new")
    func answers() async throws {
        try await AdministrationBench.use { bench in
            let reply = try await bench.ask(.GET, "/users", as: "wrong")
            #expect(reply.status == 401 && reply.headers["www-authenticate"].first?.hasPrefix("Basic ") == true)
            for path in ["/users", "/users/alice", "/tokens?owner=*", "/robots", "/audit", "/whoami"] {
                let text = try await bench.do(.GET, path).text
                #expect(
                    !text.contains("$2y$") && !text.contains("berth_pat_") && !text.contains("berth_bot_"),
                    "\(path)"
                )
            }
            #expect(try await bench.do(.GET, "/users/alice").text.contains("\"name\":\"alice\""))
        }
    }

    @Test("what can't be an order is refused with what is wrong with it")
    func malformed() async throws {
        try await AdministrationBench.use { bench in
            let headers: HTTPHeaders = [
                "authorization": bench.authorizations["root"] ?? "", "content-type": "application/json",
            ]
            for (body, reason) in [
                ("{\"name\":\"bob\",\"administator\":true}", "administator"), ("{}", "name"), ("{\"name\":7}", "name"),
                ("nonsense", "JSON"), ("{\"name\":\"Not A Name\"}", "Not A Name"),
                ("{\"name\":\"bob\",\"password\":\"short\"}", "8 characters"),
            ] {
                let reply = try await bench.server.call(
                    .POST,
                    "/api/v1/users",
                    headers: headers,
                    body: Array(body.utf8)
                )
                #expect(reply.status == 400 && reply.errors.first?.message.contains(reason) == true, "\(reply.text)")
            }
            let form = try await bench.server.call(
                .POST,
                "/api/v1/users",
                headers: ["authorization": bench.authorizations["root"] ?? "", "content-type": "text/plain"],
                body: Array("{\"name\":\"bob\"}".utf8)
            )
            #expect(form.status == 415)
            let long = try await bench.server.call(
                .POST,
                "/api/v1/users",
                headers: headers,
                body: [UInt8](repeating: 0x20, count: 70_000)
            )
            #expect(long.status == 413)
        }
    }

    @Test("a person changes their own password by it, and by nothing else of theirs")
    func ownPassword() async throws {
        try await AdministrationBench.use { bench in
            let order = ["password": "another good password"]
            #expect(try await bench.ask(.PATCH, "/users/alice", order, as: "token").status == 403)
            #expect(try await bench.ask(.PATCH, "/users/alice", ["administrator": true], as: "alice").status == 403)
            #expect(try await bench.ask(.PATCH, "/users/alice", order, as: "alice").status == 200)
            #expect(try await bench.ask(.GET, "/whoami", as: "alice").status == 401)
            var later = bench
            later.authorizations["alice"] = AdministrationBench.basic("alice", "another good password")
            let answer = try await later.ask(.GET, "/whoami", as: "alice")
            #expect(answer.status == 200)
        }
    }

    @Test("a robot rotates its own secret: the old one and the new one are good, and after no overlap only the new one")
    func rotation() async throws {
        try await AdministrationBench.use { bench in
            var bench = bench
            let new = try await bench.do(.POST, "/robots/robot/rotate", ["overlap": 3600], as: "robot")
            bench.authorizations["rotated"] = AdministrationBench.basic("robot", try new.text("secret"))
            for caller in ["robot", "rotated"] {
                #expect(try await bench.ask(.GET, "/robots/robot", as: caller).status == 200)
            }
            let last = try await bench.do(.POST, "/robots/robot/rotate", ["overlap": 0], as: "rotated")
            bench.authorizations["last"] = AdministrationBench.basic("robot", try last.text("secret"))
            #expect(try await bench.ask(.GET, "/robots/robot", as: "robot").status == 401)
            #expect(try await bench.ask(.GET, "/robots/robot", as: "rotated").status == 401)
            #expect(try await bench.ask(.GET, "/robots/robot", as: "last").status == 200)
        }
    }

    @Test("a grant, a rule, a revocation and a disabled account hold for the next request")
    func atOnce() async throws {
        try await AdministrationBench.use { bench in
            try await AccessBench.push(to: "team/app", bench.server, bench.authorizations["root"] ?? "")
            func status(_ caller: String) async throws -> Int {
                try await bench.server.call(
                    .GET,
                    "/v2/team/app/tags/list",
                    headers: bench.authorizations[caller].map { ["authorization": $0] } ?? [:]
                ).status
            }
            #expect(try await status("token") == 404)
            try await bench.do(.PUT, "/groups/team/members/alice")
            try await bench.do(
                .PUT,
                "/grants",
                ["subject": "group:team", "pattern": "team/app", "actions": ["pull"]],
                as: "owner"
            )
            #expect(try await status("token") == 200)
            #expect(try await status("nobody") == 401)
            try await bench.do(.PUT, "/rules", ["pattern": "team/app", "visibility": "public"], as: "owner")
            #expect(try await status("nobody") == 200)
            try await bench.do(.DELETE, "/rules?pattern=team/app", as: "owner")
            #expect(try await status("nobody") == 401)
            try await bench.do(.PATCH, "/users/alice", ["enabled": false])
            #expect(try await status("token") == 401)
            try await bench.do(.PATCH, "/users/alice", ["enabled": true])
            #expect(try await status("token") == 200)
            let tokens = try await bench.do(.GET, "/tokens", as: "alice").json as? [[String: Any]]
            let id = try #require(tokens?.first?["id"] as? String)
            try await bench.do(.DELETE, "/tokens/\(id)", as: "alice")
            #expect(try await status("token") == 401)
        }
    }

    @Test("the audit has what was changed, by whom and from where")
    func audit() async throws {
        try await AdministrationBench.use { bench in
            let page = try await bench.do(.GET, "/audit?action=add-account&n=10").json as? [String: Any]
            let entries = try #require(page?["entries"] as? [[String: Any]])
            // The first administrator was made on the server's own machine.
            let names = entries.map { $0["reference"] as? String }
            #expect(names == ["robot", "owner", "alice", "root"])
            #expect(
                entries.dropLast().allSatisfy {
                    $0["actor"] as? String == "root" && $0["client_address"] as? String == "127.0.0.1"
                }
            )
        }
    }
}
