/// The address of a registry: a host name or IP address, and a port unless it is the scheme's own.
package struct RegistryHost: Sendable, Hashable {
    /// What a reference without a registry means, as docker resolves it.
    package static let dockerHub = RegistryHost(unchecked: "docker.io")

    /// `host` or `host:port`, an IPv6 address in brackets.
    package let rawValue: String

    /// - Throws: ``ImageSpecError/invalidReference(_:reason:)``.
    package init(_ string: some StringProtocol) throws(ImageSpecError) {
        let text = String(string)
        let (host, port) = Self.split(text)
        let isName = host.utf8.allSatisfy(Self.isNameByte) && !host.hasPrefix("-") && !host.hasPrefix(".")
        let isBracketed =
            host.hasPrefix("[") && host.hasSuffix("]") && host.utf8.dropFirst().dropLast().allSatisfy(Self.isIPv6Byte)
        guard !host.isEmpty, host.utf8.count <= 255, isName || isBracketed else {
            throw .invalidReference(text, reason: "'\(text)' is not a registry's host")
        }
        if let port {
            guard port.utf8.allSatisfy({ (48...57).contains($0) }), UInt16(port) != nil else {
                throw .invalidReference(text, reason: "'\(port)' is not a port")
            }
        }
        rawValue = text
    }

    private init(unchecked rawValue: String) {
        self.rawValue = rawValue
    }

    /// The host without the port, and without an IPv6 address's brackets.
    package var hostname: String {
        let host = Self.split(rawValue).host
        return host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : String(host)
    }

    package var port: Int? { Self.split(rawValue).port.flatMap { Int($0) } }

    /// Whether the host is this machine by definition: `localhost`, 127.0.0.0/8 or ::1.
    ///
    /// Clients speak plain HTTP to such a registry without being told to.
    package var isLoopback: Bool {
        let host = hostname
        if host == "localhost" || host == "::1" { return true }
        let octets = host.split(separator: ".", omittingEmptySubsequences: false)
        return octets.count == 4 && octets[0] == "127" && octets.allSatisfy { UInt8($0) != nil }
    }

    /// Whether docker would take a reference's first component for a registry's host.
    static func looksLikeHost(_ component: some StringProtocol) -> Bool {
        component == "localhost" || component.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") }
            || component.contains(where: \.isUppercase)
    }

    private static func split(_ text: String) -> (host: Substring, port: Substring?) {
        let bytes = text.utf8
        let bracket = bytes.first == UInt8(ascii: "[") ? bytes.lastIndex(of: UInt8(ascii: "]")) : nil
        guard let colon = bytes[(bracket ?? bytes.startIndex)...].lastIndex(of: UInt8(ascii: ":")) else {
            return (text[...], nil)
        }
        return (text[..<colon], text[bytes.index(after: colon)...])
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    private static func isIPv6Byte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: ":"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

extension RegistryHost: CustomStringConvertible {
    package var description: String { rawValue }
}
