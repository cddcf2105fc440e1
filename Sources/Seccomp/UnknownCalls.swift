import CSeccomp
import Glibc

/// What goes before a filter: calls newer than any that its profile names fail with ENOSYS.
///
/// A C library that tries a new call falls back to an old one when the kernel doesn't have it; a filter that knows
/// neither would refuse it with EPERM, which is no reason to fall back. runc does so, too.
struct UnknownCalls {
    private static let notImplemented: UInt32 = 0x0005_0000 | UInt32(ENOSYS)
    private static let offsetOfNumber: UInt32 = 0
    private static let offsetOfArchitecture: UInt32 = 4
    /// Marks a call by its number as one of x32, whose architecture is x86_64's.
    private static let x32Bit: UInt32 = 0x4000_0000

    private let highest: [(architecture: String, token: UInt32, number: UInt32)]

    /// - Parameter names: the calls that the profile names, whatever it says of them.
    init(names: [String], architectures: [String]) {
        highest = architectures.compactMap { architecture in
            guard let token = try? SeccompCompiler.token(ofArchitecture: architecture) else { return nil }
            let numbers = names.map { seccomp_syscall_resolve_name_arch(token, $0) }.filter { $0 >= 0 }
            return numbers.max().map { (architecture, token, UInt32($0) & ~Self.x32Bit) }
        }
    }

    var instructions: [UInt8] {
        var program: [SeccompInstruction] = []
        for (architecture, token, number) in highest where architecture != "SCMP_ARCH_X32" {
            let check = Self.check(number, x32: architecture == "SCMP_ARCH_X86_64" ? x32 : nil)
            program.append(.load(at: Self.offsetOfArchitecture))
            program.append(.jumpUnlessEqual(token, by: UInt8(check.count)))
            program += check
        }
        return program.flatMap(\.bytes)
    }

    private var x32: UInt32? { highest.first { $0.architecture == "SCMP_ARCH_X32" }?.number }

    /// Ends with ENOSYS for a number above `number`; for one of x32, above `x32`.
    private static func check(_ number: UInt32, x32: UInt32?) -> [SeccompInstruction] {
        var program: [SeccompInstruction] = [.load(at: offsetOfNumber)]
        if let x32 {
            program += [
                .jumpUnlessAtLeast(x32Bit, by: 3),
                .jumpUnlessGreater(than: x32Bit | x32, by: 1),
                .end(with: notImplemented),
                .jump(by: 2),
            ]
        }
        return program + [.jumpUnlessGreater(than: number, by: 1), .end(with: notImplemented)]
    }
}
