/// What is written down of an address that a container has: whose it is, and what the firewall has of it.
struct Lease: Codable, Equatable {
    /// The container's ID, and the root of the store that it is in.
    let container: String
    let root: String
    let address: IPAddress
    let address6: IPAddress?
    /// Further names.
    var aliases: [String] = []
    var ports: [PublishedPort] = []

    var addresses: [IPAddress] { [address] + (address6.map { [$0] } ?? []) }
}
