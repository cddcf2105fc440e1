import Access
import ImageSpec
import NIOHTTP1
import Registry
import RegistryServer
import Storage
import Testing
import Tokens

@Suite("Who may do what", .timeLimit(.minutes(5)))
struct AccessMatrixTests {
    enum Way: CaseIterable, Sendable {
        /// By a password or a secret with each request.
        case basic
        /// By a token that the request's challenge leads to, as docker does.
        case token
    }

    @Test("is what the table says, for every kind of caller, route and repository", arguments: Way.allCases)
    func matrix(way: Way) async throws {
        try await AccessBench.use { bench in
            for row in AccessMatrix.rows {
                for (caller, status) in row.statuses {
                    let request = try await PreparedRequest(row, bench)
                    let reply =
                        switch way {
                        case .basic: try await request.send(as: caller, to: bench)
                        case .token: try await request.sendByToken(as: caller, to: bench)
                        }
                    // A token for one repository opens no other: what lies there is uploaded.
                    let isElsewhere = way == .token && row.variant == "mount-any" && row.repository != "private"
                    let status = isElsewhere && status == 201 ? 202 : status
                    #expect(reply.status == status, "\(row) by \(caller): \(reply.text.prefix(200))")
                }
            }
        }
    }

    @Test("has a row in the table for every route that there is")
    func complete() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let metadata = try SQLiteMetadataStore(path: folder.appending("registry.sqlite"))
            let registry = Registry(blobs: try FileBlobStore(root: folder), metadata: metadata)
            let keys = SigningKeys(store: metadata, algorithm: .es256)
            let verifier = TokenVerifier(keys: keys, configuration: TokenConfiguration())
            let tokens = TokenService(
                issuer: TokenIssuer(keys: keys, configuration: TokenConfiguration()),
                authority: TokenAuthority(own: verifier) { _ in [] },
                authenticator: AccessControl.open
            ) { .open }
            let all = RegistryServer.routes(of: registry, Authentication(tokens: tokens))
            let routes = Set(all).subtracting(AdministrationMatrix.rows.map(\.route))
            #expect(routes.subtracting(AccessMatrix.rows.map(\.route)).subtracting(AccessMatrix.elsewhere) == [])
            try metadata.close()
        }
    }
}
