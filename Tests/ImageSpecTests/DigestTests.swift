import ImageSpec
import TestSupport
import Testing

@Suite("Digests")
struct DigestTests {
    @Test(
        "are computed as FIPS 180-4 has it",
        arguments: [
            ("", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abc",
                "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ]
    )
    func knownValues(text: String, digest: String) throws {
        let digest = try Digest(digest)
        #expect(Digest.of(Array(text.utf8), by: digest.algorithm) == digest)
    }

    @Test("are parsed and written the same")
    func roundTrip() throws {
        let text = "sha256:" + String(repeating: "0123456789abcdef", count: 4)
        #expect(try Digest(text).description == text)
        #expect(try Digest(text).short == "0123456789ab")
    }

    @Test(
        "that aren't well formed are refused",
        arguments: [
            "", ":", "sha256", "sha256:", "sha256:" + String(repeating: "a", count: 63),
            "sha256:" + String(repeating: "a", count: 65), "sha256:" + String(repeating: "A", count: 64),
            "sha256:" + String(repeating: "g", count: 64), "md5:" + String(repeating: "a", count: 32),
            "SHA256:" + String(repeating: "a", count: 64), "sha512:" + String(repeating: "a", count: 64),
            "sha256:" + String(repeating: "é", count: 32), " sha256:" + String(repeating: "a", count: 64),
        ]
    )
    func refusal(text: String) {
        #expect(throws: ImageSpecError.self) { try Digest(text) }
    }

    @Test("come out the same wherever the content is split and the state is saved", arguments: DigestAlgorithm.allCases)
    func savedState(algorithm: DigestAlgorithm) throws {
        var generator = SeededGenerator(seed: 10)
        let bytes = (0..<5000).map { _ in UInt8.random(in: 0...255, using: &generator) }
        for _ in 0..<200 {
            var hasher = DigestHasher(algorithm)
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...rest.count, using: &generator)
                rest.prefix(count).withUnsafeBytes { hasher.update($0) }
                rest = rest.dropFirst(count)
                hasher = try #require(DigestHasher(algorithm, savedState: hasher.savedState))
            }
            #expect(hasher.finalize() == Digest.of(bytes, by: algorithm))
        }
        #expect(DigestHasher(algorithm, savedState: [1, 2, 3]) == nil)
    }
}
