import Glibc

extension Container {
    /// The name that its programs have for their host: what its user wants, or else, as docker has it, that of whoever's
    /// network it is in; by itself its short ID.
    package var hostname: Hostname {
        if configuration.isolation.hostNamespaces.contains(.names) { return Hostname.ofHost ?? Hostname(id) }
        if let chosen = configuration.hostname { return chosen }
        switch configuration.network.mode {
        case .host: return Hostname.ofHost ?? Hostname(id)
        case .container(let name):
            guard let owner = try? store.find(name), owner.id != id else { return Hostname(id) }
            // Not what that one may have from a third: two could have each other's.
            return owner.configuration.hostname ?? Hostname(owner.id)
        case .bridge, .none: return Hostname(id)
        }
    }
}

extension Hostname {
    /// This host's; nil where that has one that no container may have.
    fileprivate static var ofHost: Hostname? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return nil }
        return try? Hostname(String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self))
    }
}
