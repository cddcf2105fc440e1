import SystemPackage

/// What a container can't be connected for.
package enum NetworkError: Error, Sendable, Equatable {
    case invalidMode(String)
    case invalidPort(String)
    case invalidPublication(String)
    case invalidHostEntry(String)
    case invalidLink(String)
    case invalidAlias(String)
    case invalidServer(String)
    case invalidSearchDomain(String)
    case invalidResolverOption(String)
    case invalidAddress(String)
    case invalidMACAddress(String)
    case conflict(mode: String, with: String)
    case portTaken(String)
    case portRefused(String, Errno)
    case addressTaken(String)
    case addressOutside(String, subnet: String)
    case noFreeAddress
    case noFreeSubnet
    case containerDoesNotRun(String)
    case linkedContainerDoesNotRun(String)
    case sharesNoNamespace(String)
    case noHelper
    case noTunnel(String, Errno)
    /// Of a container that has other users, or one that has root only.
    case otherUsers(String)
    case helperFailed(String, String)
    case helpersFailed([String])
    /// The kernel refused what it was asked by netlink; `detail` is its own word on it.
    case refused(operation: String, Errno, detail: String)
    case system(operation: String, path: String, Errno)
}

extension NetworkError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidMode(let text):
            "'\(text)' is no network: it should be bridge, none, host or container:NAME"
        case .invalidPort(let text):
            "'\(text)' is no port: it should be like 80, 80/udp or 7000-7009/tcp"
        case .invalidPublication(let text):
            "'\(text)' can't be published: it should be [[IP:][HOST]:]CONTAINER[/tcp|udp], "
                + "and both ranges should be of one length"
        case .invalidHostEntry(let text):
            "'\(text)' is no host: it should be NAME:ADDRESS or NAME:host-gateway"
        case .invalidLink(let text): "'\(text)' is no link: it should be NAME[:ALIAS]"
        case .invalidAlias(let text): "'\(text)' is no alias: it should be letters, digits, -, _ and ."
        case .invalidServer(let text): "'\(text)' is no name server: it should be an address"
        case .invalidSearchDomain(let text): "'\(text)' is no domain to search in"
        case .invalidResolverOption(let text): "'\(text)' is no option of resolv.conf"
        case .invalidAddress(let text): "'\(text)' is no address"
        case .invalidMACAddress(let text): "'\(text)' is no MAC address: it should be like 02:42:ac:11:00:02"
        case .conflict(let mode, let other): "--network \(mode) and \(other) exclude each other"
        case .portTaken(let port): "Bind for \(port) failed: port is already allocated"
        case .portRefused(let port, .permissionDenied):
            "Bind for \(port) failed: an ordinary user may not have ports below "
                + "net.ipv4.ip_unprivileged_port_start; choose a higher one"
        case .portRefused(let port, let error): "Bind for \(port) failed: \(error)"
        case .addressTaken(let address): "another container has the address \(address)"
        case .addressOutside(let address, let subnet):
            "the address \(address) isn't for a container: choose one of \(subnet)"
        case .noFreeAddress: "every address of the bridge is taken: stop containers first"
        case .noFreeSubnet: "the host has routes to every private network that the bridge could have"
        case .containerDoesNotRun(let name): "cannot join the network of \(name): that container does not run"
        case .linkedContainerDoesNotRun(let name): "cannot link to \(name): that container does not run on the bridge"
        case .sharesNoNamespace(let name): "cannot join the network of \(name): it has the host's; say --network host"
        case .noHelper:
            "an ordinary user's container is connected by pasta or slirp4netns, neither of which is installed: "
                + "install one (Debian: passt), or say --network none"
        case .noTunnel(let device, .noSuchFileOrDirectory):
            "an ordinary user's container is connected by \(device), which this host doesn't have: "
                + "load the kernel's module tun as root, or say --network none"
        case .noTunnel(let device, let error):
            "an ordinary user's container is connected by \(device), which this user can't open (\(error)): "
                + "let everybody open it (chmod 666, as root), or say --network none"
        case .otherUsers(let name):
            "cannot join the network of \(name): that container was made with other users and groups than this one; "
                + "make it anew"
        case .helperFailed(let program, let words): "\(program) could not connect the container: \(words)"
        case .helpersFailed(let words): words.joined(separator: "; nor could another: ")
        case .refused(let operation, let error, let detail):
            "cannot \(operation): \(error)" + (detail.isEmpty ? "" : " (\(detail))")
        case .system(let operation, let path, let error): "cannot \(operation) \(path): \(error)"
        }
    }
}
