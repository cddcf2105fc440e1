import Foundation
import NIOHTTP1
import SystemPackage

/// A berthd with accounts that were made by `berthd user` and by its own addresses.
struct AdministrationBench: Sendable {
    static let password = "correct horse battery staple"

    let server: RunningRegistry
    let folder: FilePath
    /// The `Authorization` field of each kind of caller.
    var authorizations: [String: String]

    /// Root administers everything, owner `team/app`, alice nothing; robot is a robot; narrow is a token of root's for
    /// pulls, and token one of alice's for all that she may.
    static func use(_ body: @escaping @Sendable (AdministrationBench) async throws -> Void) async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await addUser("root", in: folder, isAdministrator: true)
            let server = try await Berthd.start(on: bench, folder: folder, environment: ["BERTHD_PASSWORD_COST": "10"])
            var test = AdministrationBench(
                server: server,
                folder: folder,
                authorizations: [
                    "root": basic("root", password), "wrong": basic("token", "berth_pat_thereisnosuchtoken"),
                ]
            )
            for name in ["alice", "owner"] {
                try await test.do(.POST, "/users", ["name": name, "password": password])
                test.authorizations[name] = basic(name, password)
            }
            try await test.do(
                .PUT,
                "/grants",
                ["subject": "user:owner", "pattern": "team/app", "actions": ["administer"]]
            )
            let robot = try await test.do(.POST, "/robots", ["name": "robot"])
            test.authorizations["robot"] = basic("robot", try robot.text("secret"))
            let narrow = try await test.do(.POST, "/tokens", ["name": "narrow", "scopes": ["**:administer"]])
            test.authorizations["narrow"] = basic("", try narrow.text("secret"))
            let token = try await test.do(.POST, "/tokens", ["name": "token"], as: "alice")
            test.authorizations["token"] = basic("alice", try token.text("secret"))
            try await body(test)
        }
    }

    static func addUser(_ name: String, in folder: FilePath, isAdministrator: Bool = false) async throws {
        let flags = isAdministrator ? ["--admin"] : []
        let result = try await user(["add", "--password-stdin"] + flags + [name], in: folder, input: password)
        guard result.status == .exited(0) else { throw UnexpectedExit(result: result) }
    }

    static func user(_ arguments: [String], in folder: FilePath, input: String = "") async throws -> CommandResult {
        var command = BuiltProgram.berthd.command(["user"] + arguments + ["--data", folder.string])
        command.environment["BERTHD_PASSWORD_COST"] = "10"
        command.input = .bytes(Array(input.utf8))
        return try await command.run()
    }

    static func basic(_ name: String, _ password: String) -> String {
        "Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
    }

    /// Sends what must succeed.
    @discardableResult
    func `do`(
        _ method: HTTPMethod,
        _ path: String,
        _ order: [String: any Sendable]? = nil,
        as caller: String = "root"
    ) async throws -> Reply {
        let reply = try await ask(method, path, order, as: caller)
        guard (200..<300).contains(reply.status) else { throw UnexpectedReply(reply: reply) }
        return reply
    }

    func ask(
        _ method: HTTPMethod,
        _ path: String,
        _ order: [String: any Sendable]? = nil,
        as caller: String = "root"
    ) async throws -> Reply {
        var headers: HTTPHeaders = authorizations[caller].map { ["authorization": $0] } ?? [:]
        var body: [UInt8]?
        if let order {
            headers.add(name: "content-type", value: "application/json")
            body = Array(try JSONSerialization.data(withJSONObject: order))
        }
        return try await server.call(method, "/api/v1" + path, headers: headers, body: body)
    }
}

struct UnexpectedExit: Error, CustomStringConvertible {
    let result: CommandResult

    var description: String { "\(result.status): \(result.errorText)" }
}

extension Reply {
    var json: Any? { try? JSONSerialization.jsonObject(with: Data(body)) }

    /// A member of the object that the body is.
    func text(_ name: String) throws -> String {
        guard let text = (json as? [String: Any])?[name] as? String else { throw UnexpectedReply(reply: self) }
        return text
    }
}
