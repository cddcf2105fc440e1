import Access
import Registry
import Testing

@Suite("The pace of refused logins")
struct RefusalPaceTests {
    private let start = ContinuousClock.now

    @Test("few are answered at once, more at the rate, and none later than the longest wait")
    func delays() {
        var pace = RefusalPace(perSecond: 10, burst: 3, longest: .milliseconds(500))
        let delays = (0..<12).map { _ in pace.delay(at: start) }
        #expect(delays.prefix(3).allSatisfy { $0 == .zero })
        #expect(Array(delays[3..<8]) == [100, 200, 300, 400, 500].map { Duration.milliseconds($0) })
        #expect(delays.suffix(4).allSatisfy { $0 == .milliseconds(500) })
        // However many came, those who come after a pause don't pay for them.
        #expect(pace.delay(at: start + .seconds(2)) == .zero)
    }

    @Test("who sends the right password doesn't wait for the many who don't")
    func right() async throws {
        let pace = RefusalPace(perSecond: 1, burst: 1, longest: .seconds(2))
        let credentials = PacedCredentials(OnePassword(), pace: pace)
        let isLetIn = { @Sendable (password: String) in
            let credential = BasicCredential(username: "alice", password: password)
            return (try? await credentials.authenticate(credential, from: "192.0.2.1")) != nil
        }
        let begin = ContinuousClock.now
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 { group.addTask { await isLetIn("wrong") } }
            for _ in 0..<50 { #expect(await isLetIn("right")) }
            #expect(ContinuousClock.now - begin < .seconds(1))
            for await wasLetIn in group { #expect(!wasLetIn) }
            #expect(ContinuousClock.now - begin >= .milliseconds(1900))
        }
    }
}

private struct OnePassword: CredentialAuthenticator {
    func authenticate(
        _ credential: BasicCredential,
        from address: String
    ) async throws(AuthenticationError) -> Identity {
        guard credential.password == "right" else { throw .wrongCredential }
        return .anonymous
    }
}
