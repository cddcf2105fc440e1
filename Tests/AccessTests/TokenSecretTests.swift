import Access
import Testing

@Suite("Secrets of access tokens")
struct TokenSecretTests {
    @Test("are read as they were made, and every mistyped character is noticed", arguments: AccessToken.Kind.allCases)
    func checksum(kind: AccessToken.Kind) throws {
        let secret = TokenSecret(kind)
        #expect(TokenSecret(secret.text) == secret && secret.kind == kind)
        let characters = Array(secret.text)
        for index in characters.indices {
            var other = characters
            other[index] = other[index] == "x" ? "y" : "x"
            #expect(TokenSecret(String(other)) == nil, "\(index)")
            if index > 0 {
                other = characters
                other.swapAt(index, index - 1)
                #expect(other == characters || TokenSecret(String(other)) == nil, "\(index)")
            }
        }
        for text in [secret.text + "0", String(secret.text.dropLast()), "", "berth_pat_", secret.text.uppercased()] {
            #expect(TokenSecret(text) == nil)
        }
    }

    @Test("are never the same")
    func chance() {
        let secrets = Set((0..<1000).map { _ in TokenSecret(.personal).text })
        #expect(secrets.count == 1000)
    }

    @Test("have the checksum that other programs compute as well")
    func known() {
        // Forty-three zeros, and zlib's CRC-32 of all that in base 62.
        let zeros = "berth_pat_" + String(repeating: "0", count: 43)
        #expect(TokenSecret(zeros + "2BqHF3") != nil)
    }
}
