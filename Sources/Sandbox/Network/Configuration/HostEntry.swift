/// A name that a container is to know by an address: what `--add-host` says.
package struct HostEntry: Sendable, Hashable, Codable {
    package let name: String
    /// Nil for `host-gateway`: wherever the host is reached from the container.
    package let address: IPAddress?

    /// Parses `NAME:ADDRESS` and `NAME=ADDRESS`.
    ///
    /// - Throws: ``NetworkError/invalidHostEntry(_:)``.
    package init(_ text: String) throws(NetworkError) {
        guard let separator = text.firstIndex(where: { $0 == ":" || $0 == "=" }) else { throw .invalidHostEntry(text) }
        let name = text[..<separator]
        var value = text[text.index(after: separator)...]
        if value.hasPrefix("["), value.hasSuffix("]") { value = value.dropFirst().dropLast() }
        let address = IPAddress(value)
        guard DomainName.isValid(name), address != nil || value == "host-gateway" else { throw .invalidHostEntry(text) }
        self.name = String(name)
        self.address = address
    }
}
