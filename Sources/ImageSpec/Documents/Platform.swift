/// What a manifest's content runs on, such as `linux/arm/v7`.
///
/// - SeeAlso: OCI image-spec, "OCI Image Index Specification", `platform`.
package struct Platform: Sendable, Hashable {
    package var os: String
    package var architecture: String
    package var variant: String?
    package var unknownFields: [String: JSONValue]

    package init(os: String, architecture: String, variant: String? = nil) {
        self.os = os
        self.architecture = architecture
        self.variant = variant
        self.unknownFields = [:]
    }

    /// Parses `os/architecture[/variant]`.
    ///
    /// - Throws: ``ImageSpecError/invalidPlatform(_:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        let parts = string.split(separator: "/", omittingEmptySubsequences: false).map { $0.lowercased() }
        guard (2...3).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }) else {
            throw .invalidPlatform(String(string.prefix(200)))
        }
        self.init(
            os: parts[0],
            architecture: Self.architectureAliases[parts[1]] ?? parts[1],
            variant: parts.count == 3 ? parts[2] : nil
        )
    }

    /// The platform that this program was built for.
    package static var host: Platform {
        #if arch(x86_64)
            Platform(os: "linux", architecture: "amd64")
        #elseif arch(arm64)
            Platform(os: "linux", architecture: "arm64", variant: "v8")
        #elseif arch(arm)
            Platform(os: "linux", architecture: "arm", variant: "v7")
        #elseif arch(s390x)
            Platform(os: "linux", architecture: "s390x")
        #elseif arch(powerpc64le)
            Platform(os: "linux", architecture: "ppc64le")
        #else
            Platform(os: "linux", architecture: "riscv64")
        #endif
    }

    /// What is meant by those that don't know of platforms.
    package static let linuxAMD64 = Platform(os: "linux", architecture: "amd64")

    /// Whether content for this platform runs on `other`; without a variant, any variant of the architecture does.
    package func runs(on other: Platform) -> Bool {
        guard os == other.os, architecture == other.architecture else { return false }
        return variant == nil || other.variant == nil || variant == other.variant
    }

    private static let architectureAliases = ["x86_64": "amd64", "x86-64": "amd64", "aarch64": "arm64"]
}

extension Platform: CustomStringConvertible {
    package var description: String { "\(os)/\(architecture)" + (variant.map { "/\($0)" } ?? "") }
}

extension Platform: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case os, architecture, variant
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        os = try container.decode(String.self, forKey: .os)
        architecture = try container.decode(String.self, forKey: .architecture)
        let variant = try container.decodeIfPresent(String.self, forKey: .variant)
        self.variant = variant == "" ? nil : variant
        unknownFields = try decoder.unknownFields(besides: CodingKeys.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(os, forKey: .os)
        try container.encode(architecture, forKey: .architecture)
        try container.encodeIfPresent(variant, forKey: .variant)
        try encoder.encode(unknownFields: unknownFields)
    }
}
