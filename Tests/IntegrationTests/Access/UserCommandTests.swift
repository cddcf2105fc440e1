import Foundation
import Glibc
import SystemPackage
import Testing

@Suite("berthd user", .timeLimit(.minutes(2)))
struct UserCommandTests {
    private func list(_ folder: FilePath) async throws -> String {
        try await AdministrationBench.user(["list"], in: folder).text
    }

    /// Whether a login comes to `status`, a second after a change at most, and a little for a machine that is busy.
    private func comesTo(
        _ status: Int,
        _ server: RunningRegistry,
        _ name: String,
        _ password: String
    ) async throws -> Bool {
        let headers = AdministrationBench.basic(name, password)
        return try await poll(within: .seconds(10)) {
            let reply = try await server.call(.GET, "/v2/", headers: ["authorization": headers])
            return reply.status == status ? true : nil
        } ?? false
    }

    @Test("beside a running server every change holds a second later, and nothing is stopped")
    func besideServer() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let server = try await Berthd.start(on: bench, folder: folder)
            #expect(try await server.call(.GET, "/v2/").status == 200)
            try await AdministrationBench.addUser("alice", in: folder, isAdministrator: true)
            try await AdministrationBench.addUser("bob", in: folder)
            let password = AdministrationBench.password
            // Until the server knows, whoever is on this machine is let in, bob too.
            #expect(try await comesTo(401, server, "nobody", password))
            #expect(try await server.call(.GET, "/v2/").status == 401)
            #expect(try await comesTo(200, server, "bob", password))
            #expect(try await list(folder) == "alice  administrator\nbob    user\n")

            let other = "another good password"
            let result = try await AdministrationBench.user(
                ["passwd", "--password-stdin", "bob"],
                in: folder,
                input: other
            )
            #expect(result.text.contains("within a second"))
            #expect(try await comesTo(200, server, "bob", other))
            _ = try await AdministrationBench.user(["disable", "bob"], in: folder)
            #expect(try await comesTo(401, server, "bob", other))
            #expect(try await list(folder).contains("bob    user disabled"))
            _ = try await AdministrationBench.user(["enable", "bob"], in: folder)
            #expect(try await comesTo(200, server, "bob", other))
            _ = try await AdministrationBench.user(["remove", "bob"], in: folder)
            #expect(try await comesTo(401, server, "bob", other))
        }
    }

    @Test("what can't be done is an error in a line, and changes nothing")
    func errors() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let nothing = try await AdministrationBench.user(["list"], in: folder)
            #expect(nothing.status == .exited(1) && nothing.errorText.contains("there is no registry in"))
            #expect(try names(in: folder) == [])
            try await AdministrationBench.addUser("alice", in: folder, isAdministrator: true)
            for (arguments, reason) in [
                (["add", "--password-stdin", "alice"], "there is an account 'alice' already"),
                (["remove", "alice"], "the last administrator"), (["disable", "alice"], "the last administrator"),
                (["remove", "bob"], "there is no account 'bob'"),
                (["add", "carol"], "there is no terminal"),
                (["add", "--password-stdin", "Not A Name"], "can't be a name"),
            ] {
                let result = try await AdministrationBench.user(
                    arguments,
                    in: folder,
                    input: AdministrationBench.password
                )
                #expect(result.status != .exited(0) && result.errorText.contains(reason), "\(result.errorText)")
            }
            let short = try await AdministrationBench.user(
                ["passwd", "--password-stdin", "alice"],
                in: folder,
                input: "x"
            )
            #expect(short.status == .exited(1) && short.errorText.contains("8 characters"))
            #expect(try await list(folder) == "alice  administrator\n")
        }
    }

    @Test("whatever root makes in another user's folder is that user's", .enabled(if: geteuid() == 0))
    func ownership() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            chown(folder.string, 4321, 4321)
            try await AdministrationBench.addUser("alice", in: folder)
            for name in try names(in: folder) {
                var status = stat()
                #expect(stat(folder.appending(name).string, &status) == 0 && status.st_uid == 4321, "\(name)")
            }
        }
    }
}
