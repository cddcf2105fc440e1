import Foundation
import NIOCore
import RegistryServer

/// By what names and addresses this machine can be reached, as far as it knows.
struct MachineNames {
    /// The host's name first, then its addresses, then those of this machine alone.
    let all: [String]

    /// - Parameter configuration: whose listeners' hosts and public address count too.
    init(_ configuration: ServeConfiguration) {
        var names: [String] = []
        if let url = configuration.origins.publicURL, let host = URLComponents(string: url)?.host { names.append(host) }
        names += configuration.allListeners.map(\.address.host).filter { !Self.wildcards.contains($0) }
        names.append(Self.hostName)
        names += Self.addresses.sorted { !$0.contains(":") && $1.contains(":") }
        all = (names + ["localhost", "127.0.0.1", "::1"]).map { $0.trimmingCharacters(in: ["[", "]"]) }
    }

    var serverNames: ServerNames { ServerNames(all) }

    /// What a client on another machine would say; this machine's own name when it has no other.
    var forOthers: String {
        all.first { !["localhost", "127.0.0.1", "::1"].contains($0) } ?? "localhost"
    }

    private static let wildcards = ["0.0.0.0", "::", "[::]"]

    private static var hostName: String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "localhost" }
        return String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static var addresses: [String] {
        let devices = (try? System.enumerateDevices()) ?? []
        return devices.compactMap(\.address).filter { !$0.isLoopback && !$0.isLinkLocal }.compactMap(\.ipAddress)
    }
}

extension SocketAddress {
    /// Whether it means nothing without the link that it is of.
    fileprivate var isLinkLocal: Bool { ipAddress?.lowercased().hasPrefix("fe80:") == true }
}
