import Access
import Foundation
import Registry
import Testing

@Suite("The first administrator")
struct SetupTests {
    private let alice: AccountName

    init() throws {
        alice = try AccountName("alice")
    }

    private var configuration: AccessConfiguration {
        var configuration = TestAccess.configuration
        configuration.isOpenWithoutAccounts = false
        return configuration
    }

    @Test("is made by the secret of the server's start, once, and by nothing else")
    func setUp() async throws {
        try await TestAccess.with(configuration) { test in
            let access = test.access
            #expect(!access.policy.isOpen)
            let secret = try #require(access.setupSecret)
            await #expect(throws: AccessControlError.setupEnded) {
                try await access.setUp(by: secret + "x", alice, password: "correct horse")
            }
            await #expect(throws: AccessControlError.self) {
                try await access.setUp(by: secret, alice, password: "short")
            }
            try await access.setUp(by: secret, alice, password: "correct horse")
            #expect(access.policy.isAdministrator(.account(alice)))
            #expect(access.setupSecret == nil)
            await #expect(throws: AccessControlError.setupEnded) {
                try await access.setUp(by: secret, try AccountName("bob"), password: "correct horse")
            }
        }
    }

    @Test("is one, however many use the secret at once")
    func concurrent() async throws {
        try await TestAccess.with(configuration) { test in
            let secret = try #require(test.access.setupSecret)
            await withTaskGroup(of: Void.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        guard let name = try? AccountName("user\(number)") else { return }
                        try? await test.access.setUp(by: secret, name, password: "correct horse")
                    }
                }
            }
            #expect(test.access.policy.accounts.count == 1)
        }
    }

    @Test("is no matter where accounts aren't needed, or others vouch for callers")
    func notNeeded() async throws {
        try await TestAccess.with { #expect($0.access.policy.isOpen && $0.access.setupSecret == nil) }
        var federated = configuration
        federated.hasIssuers = true
        try await TestAccess.with(federated) { #expect(!$0.access.policy.isOpen && $0.access.setupSecret == nil) }
        try await TestAccess.with(configuration, htpasswd: "alice:$1$saltsalt$NuzA7WTAelpl95xgBGWN60") {
            #expect(!$0.access.policy.isOpen && $0.access.setupSecret == nil)
        }
    }
}
