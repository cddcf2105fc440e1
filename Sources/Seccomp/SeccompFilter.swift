import CSeccomp
import Glibc
import SystemPackage

/// A profile as instructions for the kernel, for one host and one set of capabilities.
package struct SeccompFilter: Sendable, Equatable {
    /// In instructions; the kernel's limit (`BPF_MAXINSNS`).
    static let maximumLength = 4096

    /// Eight bytes for each instruction, as `<linux/filter.h>` has them.
    package let instructions: [UInt8]

    /// Follows `profile` as docker and runc do.
    ///
    /// - Parameter capabilities: what the container's root has; by name, with `CAP_`.
    /// - Throws: ``SeccompError``.
    package init(
        _ profile: SeccompProfile,
        capabilities: Set<String>,
        host: SeccompHost = .current
    ) throws(SeccompError) {
        let fallback = try SeccompAction(named: profile.defaultAction, errorNumber: profile.defaultErrorNumber)
        let rules = profile.rules.filter { $0.applies(to: host, capabilities: capabilities) }
        let compiler = try SeccompCompiler(fallback: fallback)
        for name in profile.architectures { try compiler.add(architecture: name) }
        for rule in rules { try compiler.add(rule) }
        var instructions = try compiler.instructions()
        if fallback.isRefusal {
            // Programs take "not implemented" for a reason to do without, but "not permitted" for an error.
            let prefix = UnknownCalls(names: rules.flatMap(\.names), architectures: profile.architectures)
            instructions = prefix.instructions + instructions
        }
        let count = instructions.count / SeccompInstruction.size
        guard count <= Self.maximumLength else { throw .filterTooLong(count) }
        self.instructions = instructions
    }

    /// This machine's, as profiles call it.
    static let nativeArchitecture: String = {
        switch SeccompHost.current.architecture {
        case "amd64": "SCMP_ARCH_X86_64"
        case "arm64": "SCMP_ARCH_AARCH64"
        case let other: "SCMP_ARCH_\(other.uppercased())"
        }
    }()
}
