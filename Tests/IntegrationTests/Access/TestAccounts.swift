import Access
import Logging
import Registry
import Storage
import SystemPackage

/// Accounts of every kind, and rules by which `open/` is public, `house/` internal and all else private.
enum TestAccounts {
    static let password = "correct horse battery staple"

    /// What each caller was granted.
    private static let grants: [(caller: String, scope: String)] = [
        ("reader", "**:pull"), ("writer", "**:pull,push"), ("remover", "**:pull,push,delete"),
        ("owner", "**:administer"),
        ("robot", "**:pull,push"), ("guest", "open/**:pull,push"),
    ]

    /// Makes them in the folder of a server that isn't started yet.
    ///
    /// - Returns: the `Authorization` field of each kind of caller.
    static func make(in folder: FilePath) async throws -> [String: String] {
        let metadata = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
        var configuration = AccessConfiguration()
        configuration.passwordCost = 10
        let access = try await AccessControl(
            metadata: metadata,
            configuration: configuration,
            logger: Logger(label: "test")
        )
        var authorizations = ["wrong": AdministrationBench.basic("token", "berth_pat_thereisnosuchtoken")]
        for name in ["stranger", "reader", "writer", "remover", "owner", "guest", "root"] {
            let account = try AccountName(name)
            try await access.addPerson(account, password: password, isAdministrator: name == "root")
            authorizations[name] = AdministrationBench.basic(name, password)
        }
        let robot = try AccountName("robot")
        let secret = try await access.addRobot(robot)
        authorizations["robot"] = AdministrationBench.basic("robot", secret.secret.text)
        for grant in grants {
            try await access.grant(Grant(.account(try AccountName(grant.caller)), try Scope(grant.scope)))
        }
        let token = try await access.makeToken(
            .personal,
            for: try AccountName("writer"),
            name: "narrow",
            scopes: [try Scope("**:pull")],
            lifetime: nil
        )
        authorizations["token"] = AdministrationBench.basic("token", token.secret.text)
        try await access.setRule(RepositoryRule(try RepositoryPattern("open/**"), visibility: .public))
        try await access.setRule(RepositoryRule(try RepositoryPattern("house/**"), visibility: .internal))
        try metadata.close()
        return authorizations
    }
}
