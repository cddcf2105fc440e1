import Glibc

/// The machine that a filter is for.
package struct SeccompHost: Sendable, Hashable {
    /// As Go calls it, which docker's profiles do.
    package var architecture: String
    package var kernel: [Int]

    package init(architecture: String, kernel: [Int]) {
        self.architecture = architecture
        self.kernel = kernel
    }

    /// This machine.
    package static let current: SeccompHost = {
        var name = utsname()
        guard uname(&name) == 0 else { return SeccompHost(architecture: "", kernel: []) }
        let machine = withUnsafeBytes(of: name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        let release = withUnsafeBytes(of: name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
        return SeccompHost(architecture: architectures[machine] ?? machine, kernel: numbers(release))
    }()

    private static let architectures = ["x86_64": "amd64", "aarch64": "arm64", "i686": "x86"]

    /// Whether the kernel is `version` or later.
    func hasKernel(_ version: String) -> Bool {
        !kernel.lexicographicallyPrecedes(Self.numbers(version))
    }

    /// The major and the minor number that `version` begins with.
    private static func numbers(_ version: String) -> [Int] {
        version.split { !$0.isNumber }.prefix(2).map { Int($0) ?? 0 }
    }
}
