import ImageSpec
import SystemPackage

/// containerd's `hosts.toml`: which hosts have a registry's content, and how to speak to them.
///
/// Keys that aren't about that are left to containerd.
///
/// - SeeAlso: containerd's "Registry Configuration", hosts.toml.
struct HostsFile: Sendable {
    /// In bytes.
    static let maximumSize = 1 << 20

    /// Where the registry itself is; nil when the file leaves that as it is.
    let server: HostEntry?
    /// In the order in which they are tried.
    let hosts: [HostEntry]

    /// - Parameter path: of the file; relative paths in it begin at its folder.
    /// - Throws: ``RegistryClientError/invalidHostsFile(path:line:reason:)``.
    init(parsing bytes: [UInt8], at path: FilePath) throws {
        let root: TOMLTable
        do {
            root = try TOMLParser.table(in: bytes)
        } catch {
            throw RegistryClientError.invalidHostsFile(path: path.string, line: error.line, reason: error.reason)
        }
        let reader = Reader(path: path)
        server = try reader.server(in: root)
        hosts = try reader.hosts(in: root)
    }

    private struct Reader {
        let path: FilePath

        func server(in root: TOMLTable) throws -> HostEntry? {
            var entry = try entry("", root)
            switch root["server"] {
            case nil:
                // Settings at the top are the server's, wherever it is.
                return entry == HostEntry(address: "") ? nil : entry
            case .string(let address):
                entry.address = address
                return entry
            default:
                throw invalid("'server' should be a string")
            }
        }

        func hosts(in root: TOMLTable) throws -> [HostEntry] {
            guard let value = root["host"] else { return [] }
            guard case .table(let hosts) = value else { throw invalid("'host' should be a table") }
            return try hosts.entries.map { host in
                guard case .table(let settings) = host.value else {
                    throw invalid("'host.\"\(host.name)\"' should be a table")
                }
                return try entry(host.name, settings)
            }
        }

        private func entry(_ address: String, _ settings: TOMLTable) throws -> HostEntry {
            var entry = HostEntry(address: address)
            if let value = settings["capabilities"] { entry.capabilities = try capabilities(value) }
            if let value = settings["ca"] {
                guard let files = value.strings else { throw invalid("'ca' should be a path or a list of paths") }
                entry.security.authorities = files.map(absolute)
            }
            if let value = settings["client"] { entry.security.clientCertificate = try clientCertificate(value) }
            entry.security.skipsVerification = try flag("skip_verify", in: settings)
            entry.overridesPath = try flag("override_path", in: settings)
            if let value = settings["header"] { entry.headers = try headers(value) }
            return entry
        }

        private func capabilities(_ value: TOMLValue) throws -> RegistryEndpoint.Capabilities {
            guard let names = value.strings else { throw invalid("'capabilities' should be a list of words") }
            return try names.reduce(into: []) { capabilities, name in
                switch name.lowercased() {
                case "pull": capabilities.insert(.pull)
                case "resolve": capabilities.insert(.resolve)
                case "push": capabilities.insert(.push)
                // What later versions of containerd know, such as referrers.
                case let other where other.allSatisfy(\.isLetter): break
                default: throw invalid("'\(name)' is not a capability")
                }
            }
        }

        /// One file with certificate and key, or the first pair of files.
        private func clientCertificate(_ value: TOMLValue) throws -> EndpointSecurity.ClientCertificate? {
            let first: [String]?
            if case .array(let values) = value, let pair = values.first, case .array = pair {
                first = pair.strings
            } else {
                first = value.strings.map { Array($0.prefix(1)) }
            }
            guard let first, (1...2).contains(first.count) else {
                throw invalid("'client' should be a path, a list of paths, or a list of pairs of paths")
            }
            let key = first.count == 2 && !first[1].isEmpty ? first[1] : first[0]
            return EndpointSecurity.ClientCertificate(certificate: absolute(first[0]), key: absolute(key))
        }

        private func headers(_ value: TOMLValue) throws -> [RegistryEndpoint.HeaderField] {
            guard case .table(let table) = value else { throw invalid("'header' should be a table") }
            return try table.entries.flatMap { field in
                guard
                    let values = field.value.strings, values.allSatisfy(Self.isHeaderValue),
                    !field.name.isEmpty, field.name.utf8.allSatisfy(Self.isHeaderNameByte)
                else { throw invalid("the header '\(field.name)' can't be sent") }
                return values.map { RegistryEndpoint.HeaderField(name: field.name, value: $0) }
            }
        }

        private func flag(_ name: String, in settings: TOMLTable) throws -> Bool {
            switch settings[name] {
            case nil: false
            case .bool(let value): value
            default: throw invalid("'\(name)' should be true or false")
            }
        }

        private func absolute(_ file: String) -> FilePath {
            path.removingLastComponent().pushing(FilePath(file))
        }

        private func invalid(_ reason: String) -> RegistryClientError {
            .invalidHostsFile(path: path.string, line: nil, reason: reason)
        }

        private static func isHeaderValue(_ text: String) -> Bool {
            text.utf8.allSatisfy { $0 == 0x09 || (0x20...0x7e).contains($0) }
        }

        private static func isHeaderNameByte(_ byte: UInt8) -> Bool {
            byte > 0x20 && byte < 0x7f && !"()<>@,;:\\\"/[]?={}".utf8.contains(byte)
        }
    }
}
