/// What happens to some system calls, under some conditions.
///
/// - SeeAlso: OCI runtime-spec, "Seccomp"; docker's `includes` and `excludes`, which choose the rules for a container.
package struct SeccompRule: Sendable, Equatable {
    package var names: [String]
    package var action: String
    /// What a refused call fails with; nil for EPERM.
    package var errorNumber: UInt32?
    /// All must hold; but where two are of one argument, any.
    package var arguments: [SeccompArgument] = []
    package var includes: Filter?
    package var excludes: Filter?

    /// The containers that a rule is for, or isn't for.
    package struct Filter: Sendable, Equatable, Decodable {
        /// As Go calls them.
        package var arches: [String]?
        /// With `CAP_`.
        package var caps: [String]?
        /// `major.minor`.
        package var minKernel: String?
    }
}

extension SeccompRule: Decodable {
    private enum CodingKeys: String, CodingKey {
        case name, names, action, errnoRet, args, includes, excludes
    }

    package init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let name = try values.decodeIfPresent(String.self, forKey: .name)
        names = try values.decodeIfPresent([String].self, forKey: .names) ?? name.map { [$0] } ?? []
        action = try values.decode(String.self, forKey: .action)
        errorNumber = try values.decodeIfPresent(UInt32.self, forKey: .errnoRet)
        arguments = try values.decodeIfPresent([SeccompArgument].self, forKey: .args) ?? []
        includes = try values.decodeIfPresent(Filter.self, forKey: .includes)
        excludes = try values.decodeIfPresent(Filter.self, forKey: .excludes)
    }
}

extension SeccompRule {
    /// Whether the rule is one for a container on `host` whose root has these capabilities.
    func applies(to host: SeccompHost, capabilities: Set<String>) -> Bool {
        if let excludes {
            if excludes.arches?.contains(host.architecture) == true { return false }
            if excludes.caps?.contains(where: capabilities.contains) == true { return false }
            if let kernel = excludes.minKernel, host.hasKernel(kernel) { return false }
        }
        guard let includes else { return true }
        if let arches = includes.arches, !arches.isEmpty, !arches.contains(host.architecture) { return false }
        if let caps = includes.caps, !caps.allSatisfy(capabilities.contains) { return false }
        if let kernel = includes.minKernel, !host.hasKernel(kernel) { return false }
        return true
    }
}
