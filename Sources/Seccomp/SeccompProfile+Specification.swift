import FoundationEssentials

extension SeccompProfile {
    /// The profile as an OCI runtime takes it, with the rules for one host and one set of capabilities.
    ///
    /// - Parameter capabilities: what the container's root has; by name, with `CAP_`.
    /// - Returns: JSON.
    /// - Throws: ``SeccompError/unknownAction(_:)``, ``SeccompError/listenerWanted``.
    /// - SeeAlso: OCI runtime-spec, "Seccomp".
    package func specification(capabilities: Set<String>, host: SeccompHost = .current) throws -> [UInt8] {
        _ = try SeccompAction(named: defaultAction, errorNumber: defaultErrorNumber)
        let rules = rules.filter { $0.applies(to: host, capabilities: capabilities) }
        for rule in rules { _ = try SeccompAction(named: rule.action, errorNumber: rule.errorNumber) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return [UInt8](
            try encoder.encode(
                Specification(
                    defaultAction: defaultAction,
                    defaultErrnoRet: defaultErrorNumber,
                    architectures: architectures,
                    // A rule for no call at all is refused.
                    syscalls: rules.filter { !$0.names.isEmpty }.map(Specification.Rule.init)
                )
            )
        )
    }

    private struct Specification: Encodable {
        struct Rule: Encodable {
            let names: [String]
            let action: String
            let errnoRet: UInt32?
            let args: [SeccompArgument]

            init(_ rule: SeccompRule) {
                names = rule.names
                action = rule.action
                errnoRet = rule.errorNumber
                args = rule.arguments
            }
        }

        let defaultAction: String
        let defaultErrnoRet: UInt32?
        let architectures: [String]
        let syscalls: [Rule]
    }
}
