import Glibc
import SystemPackage

/// Which container has which address of the bridge: a file each, named by the address and locked by whoever has it.
///
/// No process waits for another: who finds a file locked tries the next address. A file that isn't locked is a killed
/// monitor's, and is taken over once what the firewall has of it is undone.
struct AddressLeases {
    private static let counterName = "next"

    let folder: NetworkFolder
    let subnet: IPv4Subnet

    /// Takes a free address; or `wanted`, if it is.
    ///
    /// Addresses are taken in turn, so that one comes back late: others may remember whose it was.
    ///
    /// - Parameter undo: undoes what a killed monitor left at an address.
    /// - Throws: ``NetworkError/addressTaken(_:)``, ``NetworkError/addressOutside(_:subnet:)``,
    ///   ``NetworkError/noFreeAddress``.
    func take(_ wanted: IPAddress?, undo: (Lease) throws -> Void) throws -> (address: IPv4Address, held: HeldLease) {
        if let wanted {
            guard case .v4(let address) = wanted, subnet.place(of: address) != nil else {
                throw NetworkError.addressOutside("\(wanted)", subnet: "\(subnet.base)/\(subnet.prefix)")
            }
            guard let held = try take(address, undo) else { throw NetworkError.addressTaken("\(address)") }
            return (address, held)
        }
        let counter = try Counter(folder.path.appending(Self.counterName))
        let first = counter.value
        for turn in 0..<subnet.room {
            let place = (first &+ turn) % subnet.room
            guard let held = try take(subnet.host(place), undo) else { continue }
            counter.value = (place + 1) % subnet.room
            return (subnet.host(place), held)
        }
        throw NetworkError.noFreeAddress
    }

    private func take(_ address: IPv4Address, _ undo: (Lease) throws -> Void) throws -> HeldLease? {
        guard let held = try HeldLease.take(folder.leases.appending("\(address)"), making: true) else { return nil }
        if let stale = held.lease { try undo(stale) }
        return held
    }

    /// Removes what killed monitors left of a container's leases.
    static func reap(_ container: String, in folder: NetworkFolder, undo: (Lease) throws -> Void) throws {
        for name in try names(in: folder.leases) {
            let path = folder.leases.appending(name)
            guard try lease(at: path)?.container == container,
                let held = try HeldLease.take(path, making: false), let stale = held.lease,
                stale.container == container
            else { continue }
            try undo(stale)
            held.remove()
        }
    }

    /// What is written at `path`; nil where there is nothing.
    static func lease(at path: FilePath) throws -> Lease? {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return HeldLease.read(descriptor)
    }

    /// Whether a process has the lease at `path`.
    static func isHeld(_ path: FilePath) -> Bool {
        let descriptor = open(path.string, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0
    }

    /// The place that the next search begins at. Only the search's length depends on it.
    private final class Counter {
        private let descriptor: Int32

        init(_ path: FilePath) throws {
            descriptor = open(path.string, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw SandboxError.system(operation: "open", path: path, .current) }
        }

        deinit {
            close(descriptor)
        }

        var value: UInt32 {
            get {
                var value: UInt32 = 0
                return pread(descriptor, &value, 4, 0) == 4 ? value : 0
            }
            set {
                var value = newValue
                _ = pwrite(descriptor, &value, 4, 0)
            }
        }
    }
}
