import Foundation
import ImageSpec
import NIOHTTP1
import Testing

@Suite("The first administrator's link", .timeLimit(.minutes(1)))
struct SetupPageTests {
    /// What stands behind a text in a program's log, once it is there.
    private func logged(after text: String, by process: RunningCommand) async throws -> String {
        try await process.wait(for: "log '\(text)'") {
            let log = String(decoding: process.errorSoFar, as: UTF8.self)
            return log.firstRange(of: text).map { String(log[$0.upperBound...]) }
        }
    }

    @Test("off loopback a server without accounts serves nobody, until somebody uses the link in its log")
    func link() async throws {
        try await TestBench.use { bench in
            var command = BuiltProgram.berthd.command(
                ["serve", "--listen", "0.0.0.0:0", "--data", try bench.makeFolder("data").string]
            )
            command.environment["BERTHD_PASSWORD_COST"] = "10"
            let process = try bench.start(command)
            let address = try await process.line(after: "berthd listens on http://")
            let port = try #require(address.split(separator: ":").last)
            let server = RunningRegistry(host: try RegistryHost("127.0.0.1:\(port)"), process: process)
            let link = try await logged(after: "/setup#", by: process)
            let secret = String(link.prefix { $0.isLetter || $0.isNumber })

            #expect(try await server.call(.GET, "/v2/").status == 401)
            #expect(try await server.call(.POST, "/v2/app/blobs/uploads/").status == 401)
            let page = try await server.call(.GET, "/setup")
            #expect(page.status == 200 && page.text.contains("<form>"))
            #expect(page.headers["content-security-policy"].first?.contains("default-src 'none'") == true)
            let order = { (secret: String) in
                Array("{\"secret\":\"\(secret)\",\"name\":\"alice\",\"password\":\"correct horse\"}".utf8)
            }
            let headers: HTTPHeaders = ["content-type": "application/json"]
            for wrong in ["", secret + "0", String(secret.dropLast())] {
                let reply = try await server.call(.POST, "/auth/setup", headers: headers, body: order(wrong))
                #expect(reply.status == 403)
            }
            let reply = try await server.call(.POST, "/auth/setup", headers: headers, body: order(secret))
            #expect(reply.status == 204)
            let authorization = AdministrationBench.basic("alice", "correct horse")
            let answer = try await server.call(.GET, "/api/v1/whoami", headers: ["authorization": authorization])
            #expect(answer.text.contains("\"administrator\":true"))
            #expect(try await server.call(.GET, "/setup").status == 404)
            #expect(try await server.call(.POST, "/auth/setup", headers: headers, body: order(secret)).status == 404)
        }
    }

    @Test("with 'open' it serves everybody until there is an account, and on loopback it does of itself, and says so")
    func open() async throws {
        try await TestBench.use { bench in
            for (host, environment) in [("0.0.0.0", ["BERTHD_OPEN": "true"]), ("127.0.0.1", [:])] {
                var command = BuiltProgram.berthd.command(
                    ["serve", "--listen", "\(host):0", "--data", try bench.makeFolder("data-\(host)").string]
                )
                command.environment = environment
                let process = try bench.start(command)
                let address = try await process.line(after: "berthd listens on http://")
                let port = try #require(address.split(separator: ":").last)
                let server = RunningRegistry(host: try RegistryHost("127.0.0.1:\(port)"), process: process)
                _ = try await logged(after: "there are no accounts: ", by: process)
                #expect(try await server.call(.GET, "/v2/").status == 200)
                #expect(try await server.call(.POST, "/v2/app/blobs/uploads/").status == 202)
                #expect(try await server.call(.GET, "/setup").status == 404)
            }
        }
    }
}
