import Foundation
import SystemPackage

/// A berthd's data folder with accounts: `reader` may pull from everywhere, `stranger` from what is public alone.
///
/// `bench/public` is for everybody, `bench/hidden` isn't, and `bench/absent` isn't there; their names are of one length.
enum AccessFolder {
    static let password = "correct horse battery staple"
    static let layer = Array("a layer".utf8)
    static let repositories = (open: "bench/public", hidden: "bench/hidden", absent: "bench/absent")

    static func make(on bench: Bench) throws -> FilePath {
        try bench.filledFolder("berthd-access") { folder in
            try bench.withServer(.berthd, data: folder) { server in
                for repository in [repositories.open, repositories.hidden] {
                    _ = try Connection(port: server.port)
                        .pushImage(config: Array("{}".utf8), layers: [layer], to: repository, tag: "latest")
                }
            }
            for name in ["reader", "stranger"] {
                try Program.run(
                    bench.berthd,
                    "user",
                    "add",
                    "--data",
                    folder.string,
                    "--password-stdin",
                    name,
                    input: password + "\n"
                )
            }
            try Database(path: folder.appending("registry.sqlite").string).run(
                """
                INSERT INTO repository_rules (pattern, visibility) VALUES ('\(repositories.open)', 'public');
                INSERT INTO grants (subject, pattern, actions) VALUES ('user:reader', '**', 'pull');
                """
            )
        }
    }

    /// The field by which `name` proves who they are in each request.
    static func basic(_ name: String, password: String = password) -> String {
        "Authorization: Basic " + Data("\(name):\(password)".utf8).base64EncodedString()
    }

    /// The field with a token of the server's own, for pulls from `repository`.
    static func bearer(_ name: String, for repository: String, of server: Server) throws -> String {
        let path = "/auth/token?service=127.0.0.1:\(server.port)&scope=repository:\(repository):pull"
        let (_, body) = try Connection(port: server.port)
            .request("GET", path, headers: [basic(name)], expecting: 200)
        struct Answer: Decodable { let token: String }
        return "Authorization: Bearer \(try JSONDecoder().decode(Answer.self, from: Data(body)).token)"
    }
}
