import ConfigurationText
import Glibc
import ImageSpec
import SystemPackage

/// What a folder such as `/etc/docker/certs.d/HOST[:PORT]` says about a registry: a hosts file of containerd's, or
/// docker's certificates and keys.
///
/// - SeeAlso: docker's "Verify repository client with certificates"; containerd's "Registry Configuration".
struct HostsFolder: Sendable {
    /// Says what holds for registries that have no folder of their own.
    private static let defaultName = "_default"

    enum Content: Sendable {
        case hosts(HostsFile)
        case certificates(EndpointSecurity)
    }

    let content: Content
    /// Whether it is about this registry, and not about all that have no folder.
    let isOwn: Bool

    /// Finds the first folder that is there for `host`; nil when none is.
    ///
    /// - Throws: ``RegistryClientError``.
    static func find(_ host: RegistryHost, in parents: [FilePath]) throws -> HostsFolder? {
        for (name, isOwn) in names(of: host) {
            for parent in parents {
                let folder = parent.appending(name)
                if let content = try content(of: folder) { return HostsFolder(content: content, isOwn: isOwn) }
            }
        }
        return nil
    }

    private static func names(of host: RegistryHost) -> [(name: String, isOwn: Bool)] {
        var names = [(host.rawValue, true)]
        // A colon in a name is not to every system's liking.
        if let port = host.port { names.append(("\(host.hostname)_\(port)_", true)) }
        if host == .dockerHub { names.append(("registry-1.docker.io", true)) }
        return names + [(defaultName, false)]
    }

    private static func content(of folder: FilePath) throws -> Content? {
        let files = names(in: folder)
        if files.contains("hosts.toml") {
            let path = folder.appending("hosts.toml")
            return .hosts(try HostsFile(parsing: try bytes(of: path), at: path))
        }
        let security = try certificates(among: files, in: folder)
        return security == EndpointSecurity() ? nil : .certificates(security)
    }

    /// `*.crt` are authorities, `*.cert` with `*.key` are ours.
    private static func certificates(among files: [String], in folder: FilePath) throws -> EndpointSecurity {
        var security = EndpointSecurity()
        for file in files.sorted() {
            if file.hasSuffix(".crt") { security.authorities.append(folder.appending(file)) }
            guard file.hasSuffix(".cert"), security.clientCertificate == nil else { continue }
            let key = String(file.dropLast("cert".count)) + "key"
            guard files.contains(key) else {
                throw RegistryClientError.unusableCertificate(
                    file: folder.appending(file).string,
                    reason: "its key, \(key), is missing; the certificates of authorities end in .crt"
                )
            }
            security.clientCertificate = .init(certificate: folder.appending(file), key: folder.appending(key))
        }
        return security
    }

    private static func names(in folder: FilePath) -> [String] {
        guard let stream = opendir(folder.string) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            names.append(
                withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            )
        }
        return names
    }

    private static func bytes(of path: FilePath) throws -> [UInt8] {
        do {
            return try BoundedFile.read(path, limit: HostsFile.maximumSize)
        } catch {
            throw RegistryClientError.invalidHostsFile(path: path.string, line: nil, reason: "\(error)")
        }
    }
}
