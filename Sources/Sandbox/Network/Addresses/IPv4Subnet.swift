/// A range of addresses that share their first bits.
struct IPv4Subnet: Hashable {
    let base: IPv4Address
    /// In bits, 0 to 32.
    let prefix: Int

    init(_ address: IPv4Address, prefix: Int) {
        self.prefix = min(max(prefix, 0), 32)
        base = IPv4Address(number: address.number & Self.mask(self.prefix))
    }

    private static func mask(_ prefix: Int) -> UInt32 { prefix == 0 ? 0 : ~0 << UInt32(32 - prefix) }

    func contains(_ address: IPv4Address) -> Bool { address.number & Self.mask(prefix) == base.number }

    func overlaps(_ other: IPv4Subnet) -> Bool {
        prefix <= other.prefix ? contains(other.base) : other.contains(base)
    }

    /// The host's own, the first.
    var gateway: IPv4Address { IPv4Address(number: base.number + 1) }

    /// How many addresses containers may have: neither the subnet's own, nor the gateway's, nor the broadcast's.
    var room: UInt32 { (UInt32(1) << UInt32(32 - prefix)) - 3 }

    /// The address at `place` of that room.
    func host(_ place: UInt32) -> IPv4Address { IPv4Address(number: base.number + 2 + place % room) }

    /// The place of an address in the room; nil where it isn't a container's.
    func place(of address: IPv4Address) -> UInt32? {
        guard contains(address), address.number >= base.number + 2, address.number - base.number - 2 < room else {
            return nil
        }
        return address.number - base.number - 2
    }
}
