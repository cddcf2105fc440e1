import CPassword

/// The hashes of passwords that crypt(5) knows.
enum PasswordHash {
    /// Longer than any that crypt makes.
    private static let maximumLength = 384
    /// What crypt reads at most, in bytes.
    private static let maximumPassword = 511
    /// As bcrypt writes numbers.
    private static let digits = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    static let costs = 10...16

    /// Hashes a password by bcrypt, which takes long.
    ///
    /// - Returns: nil where the system can't.
    static func make(_ password: String, cost: Int) -> String? {
        crypt(password, setting: setting(cost: cost))
    }

    /// Whether `password` is the one that was hashed; it takes as long as hashing it.
    static func matches(_ password: String, _ hash: String) -> Bool {
        guard let computed = crypt(password, setting: hash) else { return false }
        let (one, other) = (Array(computed.utf8), Array(hash.utf8))
        guard one.count == other.count else { return false }
        return zip(one, other).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    /// The hash of no password, which takes as long to compare with as others of this cost.
    static func ofNothing(cost: Int) -> String {
        setting(cost: cost) + random(31)
    }

    /// bcrypt's cost; nil for a hash of another kind.
    static func cost(of hash: String) -> Int? {
        let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]), parts[3].utf8.count == 53
        else { return nil }
        return Int(parts[2])
    }

    /// Whether this system's crypt can verify passwords by it, in a time that one would wait.
    static func isKnown(_ hash: String) -> Bool {
        if let cost = cost(of: hash) { return (4...costs.upperBound).contains(cost) }
        // What has no method's name is a hash of the oldest kind, which reads eight characters, or a password itself.
        guard hash.hasPrefix("$"), !hash.hasPrefix("$2"), hash.utf8.count < maximumLength else { return false }
        guard hash.split(separator: "$").count >= 3, berth_password_setting_is_known(hash) == 1 else { return false }
        let rounds = hash.firstRange(of: "rounds=").map { hash[$0.upperBound...].prefix { $0.isNumber } }
        return rounds.map { (Int($0) ?? .max) <= 1_000_000 } ?? true
    }

    private static func setting(cost: Int) -> String {
        "$2y$\(cost < 10 ? "0" : "")\(cost)$" + random(22)
    }

    private static func random(_ count: Int) -> String {
        // 64 digits: each byte picks one with the same chance.
        String(decoding: (0..<count).map { _ in digits[Int(UInt8.random(in: .min ... .max) & 63)] }, as: UTF8.self)
    }

    private static func crypt(_ password: String, setting: String) -> String? {
        guard password.utf8.count <= maximumPassword, !password.utf8.contains(0) else { return nil }
        var hash = [CChar](repeating: 0, count: maximumLength)
        guard berth_password_hash(password, setting, &hash, hash.count) == 0 else { return nil }
        return String(decoding: hash.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
