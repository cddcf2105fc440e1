import Glibc

/// Why a sample couldn't be taken; the report says so in the sample's place.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    /// What `call` of the system's said last.
    static func system(_ call: String) -> BenchmarkError {
        let code = errno
        return BenchmarkError("\(call): \(String(cString: strerror(code)))")
    }
}
