import CSeccomp
import Glibc
import SystemPackage

/// libseccomp, as it makes one filter.
final class SeccompCompiler {
    private static let operators: [String: scmp_compare] = [
        "SCMP_CMP_NE": SCMP_CMP_NE, "SCMP_CMP_LT": SCMP_CMP_LT, "SCMP_CMP_LE": SCMP_CMP_LE,
        "SCMP_CMP_EQ": SCMP_CMP_EQ, "SCMP_CMP_GE": SCMP_CMP_GE, "SCMP_CMP_GT": SCMP_CMP_GT,
        "SCMP_CMP_MASKED_EQ": SCMP_CMP_MASKED_EQ,
    ]
    private static let binaryTree: UInt32 = 2

    private let context: scmp_filter_ctx
    private let fallback: SeccompAction

    init(fallback: SeccompAction) throws(SeccompError) {
        guard let context = seccomp_init(fallback.number) else { throw .libraryFailed(.invalidArgument) }
        self.context = context
        self.fallback = fallback
        // The kernel walks through the filter for each call that there is when it takes it: by a tree, in half the time.
        // A library older than that makes a longer filter that does the same.
        _ = seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, Self.binaryTree)
    }

    deinit {
        seccomp_release(context)
    }

    /// - Throws: ``SeccompError/unknownArchitecture(_:)``.
    func add(architecture name: String) throws(SeccompError) {
        let token = try Self.token(ofArchitecture: name)
        let result = seccomp_arch_add(context, token)
        guard result == 0 || result == -EEXIST else { throw .libraryFailed(Errno(rawValue: -result)) }
    }

    static func token(ofArchitecture name: String) throws(SeccompError) -> UInt32 {
        let token = seccomp_arch_resolve_name(name.replacingPrefix("SCMP_ARCH_").lowercased())
        guard token != 0 else { throw .unknownArchitecture(name) }
        return token
    }

    /// Adds what a rule says of the calls that the library knows; runc passes over the others, too.
    func add(_ rule: SeccompRule) throws(SeccompError) {
        let action = try SeccompAction(named: rule.action, errorNumber: rule.errorNumber)
        guard action != fallback else { return }
        let conditions = try Self.alternatives(rule.arguments)
        for name in rule.names {
            let call = seccomp_syscall_resolve_name(name)
            guard call != berth_seccomp_unknown_call else { continue }
            for condition in conditions {
                let result = seccomp_rule_add_array(
                    context,
                    action.number,
                    call,
                    UInt32(condition.count),
                    condition
                )
                // Another rule has said the same.
                guard result == 0 || result == -EEXIST else {
                    throw .ruleRefused(call: name, Errno(rawValue: -result))
                }
            }
        }
    }

    func instructions() throws(SeccompError) -> [UInt8] {
        let file = berth_seccomp_memory_file()
        guard file >= 0 else { throw .libraryFailed(Errno(rawValue: errno)) }
        defer { close(file) }
        let result = seccomp_export_bpf(context, file)
        guard result == 0 else { throw .libraryFailed(Errno(rawValue: -result)) }
        let length = lseek(file, 0, SEEK_END)
        guard length > 0 else { throw .libraryFailed(Errno(rawValue: errno)) }
        var bytes = [UInt8](repeating: 0, count: Int(length))
        guard pread(file, &bytes, bytes.count, 0) == bytes.count else { throw .libraryFailed(.ioError) }
        return bytes
    }

    /// The arguments' conditions, any list of which suffices.
    private static func alternatives(_ arguments: [SeccompArgument]) throws(SeccompError) -> [[scmp_arg_cmp]] {
        var comparisons: [scmp_arg_cmp] = []
        for argument in arguments {
            guard (0...5).contains(argument.index) else { throw .argumentOutOfRange(argument.index) }
            guard let comparison = operators[argument.op] else { throw .unknownOperator(argument.op) }
            comparisons.append(
                scmp_arg_cmp(
                    arg: UInt32(argument.index),
                    op: comparison,
                    datum_a: argument.value,
                    datum_b: argument.valueTwo ?? 0
                )
            )
        }
        // The library takes one condition for each argument.
        let isAmbiguous = Set(arguments.map(\.index)).count < arguments.count
        return isAmbiguous ? comparisons.map { [$0] } : [comparisons]
    }
}

extension String {
    func replacingPrefix(_ prefix: String) -> String {
        hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
    }
}
