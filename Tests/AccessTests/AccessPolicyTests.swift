import Access
import ImageSpec
import Testing

@Suite("Access policies")
struct AccessPolicyTests {
    private let repository: RepositoryName

    init() throws {
        repository = try RepositoryName("team/app")
    }

    @Test("nobody may do anything that nobody granted")
    func deniesByDefault() throws {
        let alice = Account(name: try AccountName("alice"), createdAt: 0)
        let policy = AccessPolicy(accounts: [alice])
        #expect(policy.actions(of: .anonymous, on: repository) == [])
        #expect(policy.actions(of: .account(alice.name), on: repository) == [])
    }
}
