/// The keys that leave a container's terminal and let it run on.
///
/// - SeeAlso: docker's `--detach-keys`.
package struct DetachKeys: Sendable, Equatable {
    private let keys: [UInt8]

    /// Ctrl-P, Ctrl-Q.
    package static let standard = DetachKeys(keys: [0x10, 0x11])
    /// No keys at all: everything that is typed is the container's.
    package static let none = DetachKeys(keys: [])

    private init(keys: [UInt8]) {
        self.keys = keys
    }

    /// Parses keys with commas between, each a character or `ctrl-` and one of `a` to `z`, `@`, `[`, `\`, `]`, `^`, `_`.
    ///
    /// - Throws: ``SandboxError/invalidDetachKeys(_:)``.
    package init(_ text: String) throws(SandboxError) {
        var keys: [UInt8] = []
        for word in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let key = Self.key(word) else { throw .invalidDetachKeys(text) }
            keys.append(key)
        }
        self.keys = keys
    }

    private static func key(_ word: Substring) -> UInt8? {
        let bytes = Array(word.utf8)
        if bytes.count == 1 { return bytes[0] < 0x80 ? bytes[0] : nil }
        guard word.lowercased().hasPrefix("ctrl-"), bytes.count == 6, let last = word.lowercased().utf8.last else {
            return nil
        }
        switch last {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return last - UInt8(ascii: "a") + 1
        case UInt8(ascii: "@"): return 0
        case UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "_"):
            return last - UInt8(ascii: "@")
        default: return nil
        }
    }

    /// Looks for the keys in what is typed.
    struct Watch {
        private let keys: [UInt8]
        private var matched = 0

        init(_ keys: DetachKeys) {
            self.keys = keys.keys
        }

        /// What of `typed` is the container's, and whether the keys were in it.
        ///
        /// The beginning of the keys is held back until it is known what it is.
        mutating func pass(_ typed: ArraySlice<UInt8>) -> (passed: [UInt8], isDetached: Bool) {
            guard !keys.isEmpty else { return (Array(typed), false) }
            var passed: [UInt8] = []
            for byte in typed {
                if byte != keys[matched] {
                    passed += keys[..<matched]
                    matched = 0
                }
                if byte == keys[matched] {
                    matched += 1
                    if matched == keys.count { return (passed, true) }
                } else {
                    passed.append(byte)
                }
            }
            return (passed, false)
        }
    }
}
