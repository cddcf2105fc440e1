import Glibc
import SystemPackage

/// The containers that one of them knows by name: those of its store that are on the bridge.
final class NameDirectory {
    private let folder: NetworkFolder
    private let root: FilePath
    private let links: [String: String]
    /// What was read of the leases, as long as their folder hasn't changed.
    private var known: [Lease] = []
    private var age = timespec()

    init(_ folder: NetworkFolder, root: FilePath, links: [NetworkLink]) {
        self.folder = folder
        self.root = root
        self.links = Dictionary(links.map { ($0.alias.lowercased(), $0.container) }) { first, _ in first }
    }

    /// The addresses of the containers that `name` means; nil when it is no container's.
    ///
    /// A name is a link's alias, a container's name, a short or whole ID, or an alias, which several may share.
    func addresses(of name: String) -> [IPAddress]? {
        let found = leases(of: links[name] ?? name)
        return found.isEmpty ? nil : found.flatMap(\.addresses)
    }

    /// The answer to a question about a container; nil when it is about none.
    func answer(to query: NameQuery) -> [UInt8]? {
        if let address = query.reversedAddress { return name(of: address).flatMap(query.answer) }
        return addresses(of: query.name).map(query.answer)
    }

    /// The name of the container that has the address: its own, or its short ID where that can't be read.
    private func name(of address: IPAddress) -> String? {
        let all = current.filter { $0.root == root.string && $0.addresses.contains(address) }
        guard let lease = all.first(where: isAlive) else { return nil }
        let folder = root.appending("containers").appending(lease.container)
        return (try? ContainerRecord(in: folder))?.configuration.name?.rawValue ?? String(lease.container.prefix(12))
    }

    private func leases(of name: String) -> [Lease] {
        let all = current.filter { $0.root == root.string }
        if let identifier = owner(of: name) {
            return all.filter { $0.container == identifier && isAlive($0) }
        }
        return all.filter { lease in
            let isMeant =
                lease.container == name || lease.container.prefix(12) == name
                || lease.aliases.contains { $0.lowercased() == name }
            return isMeant && isAlive(lease)
        }
    }

    private func owner(of name: String) -> String? {
        guard let name = try? ContainerName(name) else { return nil }
        return ContainerNames.owner(of: name, root: root)?.rawValue
    }

    private func isAlive(_ lease: Lease) -> Bool { AddressLeases.isHeld(folder.leases.appending("\(lease.address)")) }

    private var current: [Lease] {
        var status = stat()
        guard stat(folder.leases.string, &status) == 0 else { return [] }
        let changed = status.st_mtim
        if changed.tv_sec != age.tv_sec || changed.tv_nsec != age.tv_nsec || isRecent(changed) {
            known = ((try? names(in: folder.leases)) ?? []).compactMap {
                try? AddressLeases.lease(at: folder.leases.appending($0))
            }
            age = changed
        }
        return known
    }

    /// The clock of files goes by ticks: what changed in the same one would be missed.
    private func isRecent(_ moment: timespec) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return now.tv_sec - moment.tv_sec < 2
    }
}
