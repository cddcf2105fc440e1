import Glibc
import SystemPackage
import Testing

@testable import Sandbox

@Suite("Leases of addresses", .timeLimit(.minutes(1)))
struct AddressLeaseTests {
    private static let subnet = IPv4Subnet(IPv4Address(number: 10 << 24), prefix: 28)

    private func withLeases(_ body: (AddressLeases) throws -> Void) throws {
        var template = Array("/tmp/berth-leases-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let path = FilePath(platformString: template)
        defer { try? removeTree(path) }
        try body(AddressLeases(folder: try NetworkFolder(at: path), subnet: Self.subnet))
    }

    private func lease(_ container: String, at address: IPv4Address) -> Lease {
        Lease(container: container, root: "/", address: .v4(address), address6: nil)
    }

    @Test("go on in turn, so that an address comes back late; when all are held there is none")
    func inTurn() throws {
        try withLeases { leases in
            let first = try leases.take(nil) { _ in }
            first.held.remove()
            let second = try leases.take(nil) { _ in }
            #expect(first.address.description == "10.0.0.2")
            #expect(second.address.description == "10.0.0.3")
            let rest = try (1..<Self.subnet.room).map { _ in try leases.take(nil) { _ in } }
            #expect(rest.last?.address == first.address)
            _ = withExtendedLifetime((first, second, rest)) {
                #expect(throws: NetworkError.noFreeAddress) { try leases.take(nil) { _ in } }
            }
        }
    }

    @Test("an address that is asked for is had by one only, and is one of the subnet's for containers")
    func wanted() throws {
        try withLeases { leases in
            let wanted = IPAddress("10.0.0.9")
            let held = try leases.take(wanted) { _ in }
            _ = withExtendedLifetime(held) {
                #expect(throws: NetworkError.addressTaken("10.0.0.9")) { try leases.take(wanted) { _ in } }
            }
            for text in ["10.0.0.0", "10.0.0.1", "10.0.0.15", "10.0.1.2", "fd00::2"] {
                #expect(throws: NetworkError.self, "\(text)") { try leases.take(IPAddress(text)) { _ in } }
            }
        }
    }

    @Test("one whose holder was killed is undone and taken over; half a lease is nobody's")
    func killed() throws {
        try withLeases { leases in
            // What a killed process leaves: a file that nobody locks.
            var abandoned = try leases.take(IPAddress("10.0.0.5")) { _ in }.held as HeldLease?
            try abandoned?.write(lease("dead", at: IPv4Address(number: 10 << 24 | 5)))
            abandoned = nil
            let half = leases.folder.leases.appending("10.0.0.6")
            try replaceFile(at: half, with: Array("{\"container\":".utf8), isDurable: false)
            var undone: [String] = []
            let held = try ["10.0.0.5", "10.0.0.6"].map { text in
                try leases.take(IPAddress(text)) { undone.append($0.container) }
            }
            #expect(undone == ["dead"])
            #expect(held.map(\.address.description) == ["10.0.0.5", "10.0.0.6"])
        }
    }

    @Test("reaping takes a container's that nobody holds, and no other's")
    func reaped() throws {
        try withLeases { leases in
            for (container, text) in [("one", "10.0.0.4"), ("two", "10.0.0.5"), ("one", "10.0.0.6")] {
                let held = try leases.take(IPAddress(text)) { _ in }
                try held.held.write(lease(container, at: held.address))
            }
            let alive = try leases.take(IPAddress("10.0.0.7")) { _ in }
            try alive.held.write(lease("one", at: alive.address))
            var undone: [String] = []
            try AddressLeases.reap("one", in: leases.folder) { undone.append("\($0.address)") }
            #expect(undone.sorted() == ["10.0.0.4", "10.0.0.6"])
            #expect(try names(in: leases.folder.leases).sorted() == ["10.0.0.5", "10.0.0.7"])
            #expect(AddressLeases.isHeld(alive.held.path))
        }
    }

    @Test("many at once never have the same")
    func concurrent() async throws {
        let subnet = IPv4Subnet(IPv4Address(number: 10 << 24), prefix: 24)
        var template = Array("/tmp/berth-leases-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Errno(rawValue: errno) }
        let path = FilePath(platformString: template)
        defer { try? removeTree(path) }
        let addresses = try await withThrowingTaskGroup(of: [IPv4Address].self) { group in
            for _ in 0..<8 {
                group.addTask {
                    let leases = AddressLeases(folder: try NetworkFolder(at: path), subnet: subnet)
                    let held = try (0..<25).map { _ in try leases.take(nil) { _ in } }
                    // Until all have theirs: what is let go may be another's.
                    try await Task.sleep(for: .milliseconds(500))
                    return withExtendedLifetime(held) { held.map(\.address) }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(addresses.count == 200)
        #expect(Set(addresses).count == 200)
    }
}
