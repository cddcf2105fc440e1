import ImageSpec

/// What lets whoever reads the server's log make its first account: new at each start, and never stored.
struct SetupSecret: Sendable {
    private static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    /// 256 bits of chance, in what passes through a URL as it is.
    let text = String((0..<43).map { _ in digits[Int.random(in: 0..<digits.count)] })

    /// Compared by hashes, so that how long it takes tells nothing of how much was right.
    func matches(_ other: String) -> Bool {
        Digest.of(Array(text.utf8)) == Digest.of(Array(other.utf8))
    }
}
