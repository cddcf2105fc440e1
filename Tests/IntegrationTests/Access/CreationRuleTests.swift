import ImageSpec
import NIOHTTP1
import Testing

@Suite("Who makes repositories", .timeLimit(.minutes(1)))
struct CreationRuleTests {
    @Test("is who may push, or who administers where a rule says so; what is there takes pushes by both")
    func creation() async throws {
        try await AdministrationBench.use { bench in
            try await bench.do(.PUT, "/grants", ["subject": "alice", "pattern": "**", "actions": ["push", "pull"]])
            try await bench.do(.PUT, "/rules", ["pattern": "team/**", "creation": "administrators"])
            let start = { (caller: String, repository: String) async throws -> Reply in
                try await bench.server.call(
                    .POST,
                    "/v2/\(repository)/blobs/uploads/",
                    headers: ["authorization": bench.authorizations[caller] ?? ""]
                )
            }
            let elsewhere = try await start("alice", "mine/app")
            #expect(elsewhere.status == 202)
            let refused = try await start("alice", "team/app")
            #expect(refused.status == 403)
            #expect(refused.errorCodes == ["DENIED"])
            // Owner administers team/app alone.
            let other = try await start("owner", "team/other")
            #expect(other.status == 403)

            let content = Array("a blob".utf8)
            let made = try await bench.server.call(
                .POST,
                "/v2/team/app/blobs/uploads/?digest=\(Digest.of(content))",
                headers: ["authorization": bench.authorizations["owner"] ?? ""],
                body: content
            )
            #expect(made.status == 201)
            let allowed = try await start("alice", "team/app")
            #expect(allowed.status == 202)
        }
    }
}
