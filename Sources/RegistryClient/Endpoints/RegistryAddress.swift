import ImageSpec

/// Where to find a registry or a part of one, as configurations say it: `[scheme://]host[:port][/path]`.
package struct RegistryAddress: Sendable, Hashable {
    /// Nil leaves it to what is known of the host.
    package let scheme: RegistryEndpoint.Scheme?
    package let host: RegistryHost
    /// Without slashes at its ends; often empty.
    package let path: String

    /// - Throws: ``RegistryClientError/invalidAddress(_:)``.
    package init(_ text: String) throws(RegistryClientError) {
        var rest = text[...]
        scheme = Self.cutScheme(from: &rest)
        let hostText = rest.prefix { $0 != "/" }
        let components = rest[hostText.endIndex...].split(separator: "/")
        guard
            let host = try? RegistryHost(hostText),
            components.allSatisfy({ $0 != "." && $0 != ".." && $0.utf8.allSatisfy(Self.isPathByte) })
        else { throw .invalidAddress(text) }
        self.host = host
        path = components.joined(separator: "/")
    }

    private static func cutScheme(from text: inout Substring) -> RegistryEndpoint.Scheme? {
        for scheme in [RegistryEndpoint.Scheme.https, .http] where text.hasPrefix("\(scheme.rawValue)://") {
            text = text.dropFirst(scheme.rawValue.count + 3)
            return scheme
        }
        return nil
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
