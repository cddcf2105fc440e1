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

    private func start(
        on bench: TestBench,
        listeningAt host: String = "0.0.0.0",
        _ environment: [String: String]
    ) async throws -> RunningRegistry {
        let data = try bench.makeFolder("data-\(host)")
        var command = BuiltProgram.berthd.command(["serve", "--listen", "\(host):0", "--data", data.string])
        command.environment = environment
        let process = try bench.start(command)
        let address = try await process.line(after: "berthd listens on http://")
        let port = try #require(address.split(separator: ":").last)
        return RunningRegistry(host: try RegistryHost("127.0.0.1:\(port)"), process: process)
    }

    @Test("off loopback a server without accounts serves nobody, until somebody uses the link in its log")
    func link() async throws {
        try await TestBench.use { bench in
            let server = try await start(on: bench, ["BERTHD_PASSWORD_COST": "10"])
            let link = try await logged(after: "/setup#", by: server.process)
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

    @Test("a browser's user makes the first administrator on its page", .needs("chromium", "chromedriver"))
    func browser() async throws {
        try await TestBench.use { bench in
            let server = try await start(on: bench, ["BERTHD_PASSWORD_COST": "10"])
            let secret = try await logged(after: "/setup#", by: server.process).prefix { $0.isLetter || $0.isNumber }

            let browser = try await Browser.start(on: bench)
            try await browser.open("\(server.url)/setup#\(secret)")
            try await browser.write("alice", into: "input[name=name]")
            try await browser.write("correct horse", into: "input[name=password]")
            try await browser.write("correct house", into: "input[name=again]")
            try await browser.click("button")
            #expect(try await browser.text(of: "output") == "These are two different passwords.")
            try await browser.write("\u{E003}\u{E003}\u{E003}rse", into: "input[name=again]")
            try await browser.click("button")
            let done = { @Sendable in try await browser.text(of: "output") == "Done: log in as alice." ? true : nil }
            _ = try await server.process.wait(for: "have the page say that it is done", done)
            // The secret is of no use any more, and isn't shown either.
            #expect(try await browser.address == "\(server.url)/setup")
            try await browser.close()

            let authorization = AdministrationBench.basic("alice", "correct horse")
            let answer = try await server.call(.GET, "/api/v1/whoami", headers: ["authorization": authorization])
            #expect(answer.text.contains("\"administrator\":true"))
        }
    }

    @Test(
        "on loopback a server that is behind a proxy serves nobody without accounts either",
        arguments: [
            ("BERTHD_PUBLIC_URL", "https://registry.example.com"), ("BERTHD_TRUSTED_PROXIES", "127.0.0.1"),
        ]
    )
    func proxy(key: String, value: String) async throws {
        try await TestBench.use { bench in
            let server = try await start(on: bench, listeningAt: "127.0.0.1", [key: value])
            _ = try await logged(after: key == "BERTHD_PUBLIC_URL" ? "\(value)/setup#" : "/setup#", by: server.process)
            #expect(try await server.call(.GET, "/v2/").status == 401)
            #expect(try await server.call(.POST, "/v2/app/blobs/uploads/").status == 401)
            #expect(try await server.call(.GET, "/setup").status == 200)
        }
    }

    @Test("with 'open' it serves everybody until there is an account, and on loopback it does of itself, and says so")
    func open() async throws {
        try await TestBench.use { bench in
            for (host, environment) in [("0.0.0.0", ["BERTHD_OPEN": "true"]), ("127.0.0.1", [:])] {
                let server = try await start(on: bench, listeningAt: host, environment)
                _ = try await logged(after: "there are no accounts: ", by: server.process)
                #expect(try await server.call(.GET, "/v2/").status == 200)
                #expect(try await server.call(.POST, "/v2/app/blobs/uploads/").status == 202)
                #expect(try await server.call(.GET, "/setup").status == 404)
            }
        }
    }
}
