import CNetlink
import Glibc

/// One rule of nftables, as the kernel takes it: a list of small steps on numbered registers.
///
/// A register of 16 bytes is four of 4, which lie behind one another: what a map is asked for is put together there.
struct FirewallRule {
    private var steps: [(name: String, put: (inout NetlinkMessage) -> Void)] = []

    /// The message that puts it behind the others of a chain.
    func appended(to chain: String, of table: Firewall.Table) -> NetlinkMessage {
        made(in: chain, of: table, flags: NLM_F_APPEND)
    }

    /// The message that puts it before the others of a chain.
    func inserted(into chain: String, of table: Firewall.Table) -> NetlinkMessage {
        made(in: chain, of: table, flags: 0)
    }

    private func made(in chain: String, of table: Firewall.Table, flags: Int32) -> NetlinkMessage {
        var message = table.message(NFT_MSG_NEWRULE, flags: NLM_F_CREATE | flags)
        message.put(NFTA_RULE_TABLE, text: table.name)
        message.put(NFTA_RULE_CHAIN, text: chain)
        message.nest(NFTA_RULE_EXPRESSIONS) { list in
            for step in steps {
                list.nest(NFTA_LIST_ELEM) { element in
                    element.put(NFTA_EXPR_NAME, text: step.name)
                    element.nest(NFTA_EXPR_DATA, step.put)
                }
            }
        }
        return message
    }

    private func adding(_ name: String, _ put: @escaping (inout NetlinkMessage) -> Void) -> FirewallRule {
        var rule = self
        rule.steps.append((name, put))
        return rule
    }

    // MARK: Looking

    /// A register of 4 bytes.
    static func register(_ number: Int) -> UInt32 { UInt32(NFT_REG32_00.rawValue) + UInt32(number) }

    func loading(_ key: nft_meta_keys, into register: Int = 0) -> FirewallRule {
        adding("meta") {
            $0.put(NFTA_META_KEY, key.rawValue.bigEndianBytes)
            $0.put(NFTA_META_DREG, Self.register(register).bigEndianBytes)
        }
    }

    func loading(_ base: nft_payload_bases, at offset: UInt32, count: UInt32, into register: Int = 0) -> FirewallRule {
        adding("payload") {
            $0.put(NFTA_PAYLOAD_DREG, Self.register(register).bigEndianBytes)
            $0.put(NFTA_PAYLOAD_BASE, base.rawValue.bigEndianBytes)
            $0.put(NFTA_PAYLOAD_OFFSET, offset.bigEndianBytes)
            $0.put(NFTA_PAYLOAD_LEN, count.bigEndianBytes)
        }
    }

    func comparing(with bytes: [UInt8], isEqual: Bool = true) -> FirewallRule {
        adding("cmp") {
            $0.put(NFTA_CMP_SREG, Self.register(0).bigEndianBytes)
            $0.put(NFTA_CMP_OP, (isEqual ? NFT_CMP_EQ : NFT_CMP_NEQ).rawValue.bigEndianBytes)
            $0.nest(NFTA_CMP_DATA) { $0.put(NFTA_DATA_VALUE, bytes) }
        }
    }

    func ofVersion(_ family: UInt8) -> FirewallRule { loading(NFT_META_NFPROTO).comparing(with: [family]) }

    func comingBy(_ interface: String, isEqual: Bool = true) -> FirewallRule {
        loading(NFT_META_IIFNAME).comparing(with: Self.padded(interface), isEqual: isEqual)
    }

    func leavingBy(_ interface: String, isEqual: Bool = true) -> FirewallRule {
        loading(NFT_META_OIFNAME).comparing(with: Self.padded(interface), isEqual: isEqual)
    }

    private static func padded(_ name: String) -> [UInt8] {
        let bytes = Array(name.utf8.prefix(Int(IFNAMSIZ) - 1))
        return bytes + [UInt8](repeating: 0, count: Int(IFNAMSIZ) - bytes.count)
    }

    /// Going to an address of the host's own.
    func goingToHost() -> FirewallRule {
        adding("fib") {
            $0.put(NFTA_FIB_DREG, Self.register(0).bigEndianBytes)
            $0.put(NFTA_FIB_RESULT, UInt32(NFT_FIB_RESULT_ADDRTYPE.rawValue).bigEndianBytes)
            $0.put(NFTA_FIB_FLAGS, UInt32(NFTA_FIB_F_DADDR.rawValue).bigEndianBytes)
        }
        .comparing(with: UInt32(RTN_LOCAL).hostBytes)
    }

    /// Of a connection that has one of `bits` in what is known of it: its state or status.
    func tracked(_ key: nft_ct_keys, _ bits: UInt32) -> FirewallRule {
        adding("ct") {
            $0.put(NFTA_CT_KEY, key.rawValue.bigEndianBytes)
            $0.put(NFTA_CT_DREG, Self.register(0).bigEndianBytes)
        }
        .masking(with: bits.hostBytes)
        .comparing(with: UInt32(0).hostBytes, isEqual: false)
    }

    func masking(with bytes: [UInt8]) -> FirewallRule {
        adding("bitwise") {
            $0.put(NFTA_BITWISE_SREG, Self.register(0).bigEndianBytes)
            $0.put(NFTA_BITWISE_DREG, Self.register(0).bigEndianBytes)
            $0.put(NFTA_BITWISE_LEN, UInt32(bytes.count).bigEndianBytes)
            $0.nest(NFTA_BITWISE_MASK) { $0.put(NFTA_DATA_VALUE, bytes) }
            $0.nest(NFTA_BITWISE_XOR) { $0.put(NFTA_DATA_VALUE, bytes.map { _ in 0 }) }
        }
    }

    /// Of an address of `subnet`, which is in the first register.
    func within(_ subnet: IPv4Subnet) -> FirewallRule {
        masking(with: (UInt32.max << UInt32(32 - subnet.prefix)).bigEndianBytes).comparing(with: subnet.base.bytes)
    }

    /// Looks the first registers up in a map, and puts what it has into those from `register` on.
    func mapped(by map: String, into register: Int) -> FirewallRule {
        adding("lookup") {
            $0.put(NFTA_LOOKUP_SET, text: map)
            $0.put(NFTA_LOOKUP_SREG, Self.register(0).bigEndianBytes)
            $0.put(NFTA_LOOKUP_DREG, Self.register(register).bigEndianBytes)
        }
    }

    func holding(_ bytes: [UInt8], in register: Int) -> FirewallRule {
        adding("immediate") {
            $0.put(NFTA_IMMEDIATE_DREG, Self.register(register).bigEndianBytes)
            $0.nest(NFTA_IMMEDIATE_DATA) { $0.put(NFTA_DATA_VALUE, bytes) }
        }
    }

    // MARK: Acting

    /// Sends the connection to the address and the port that are in registers.
    func redirecting(_ family: UInt8, toAddressIn address: Int, portIn port: Int) -> FirewallRule {
        adding("nat") {
            $0.put(NFTA_NAT_TYPE, UInt32(NFT_NAT_DNAT.rawValue).bigEndianBytes)
            $0.put(NFTA_NAT_FAMILY, UInt32(family).bigEndianBytes)
            $0.put(NFTA_NAT_REG_ADDR_MIN, Self.register(address).bigEndianBytes)
            $0.put(NFTA_NAT_REG_PROTO_MIN, Self.register(port).bigEndianBytes)
        }
    }

    /// Lets it seem to come from the host.
    func masquerading() -> FirewallRule { adding("masq") { _ in } }

    func jumping(to chain: String) -> FirewallRule { deciding(NFT_JUMP.rawValue, chain: chain) }
    func returning() -> FirewallRule { deciding(NFT_RETURN.rawValue) }
    func accepting() -> FirewallRule { deciding(Firewall.accept) }
    func dropping() -> FirewallRule { deciding(Firewall.drop) }

    private func deciding(_ verdict: Int32, chain: String? = nil) -> FirewallRule {
        adding("immediate") {
            $0.put(NFTA_IMMEDIATE_DREG, UInt32(NFT_REG_VERDICT.rawValue).bigEndianBytes)
            $0.nest(NFTA_IMMEDIATE_DATA) {
                $0.nest(NFTA_DATA_VERDICT) {
                    $0.put(NFTA_VERDICT_CODE, verdict.bigEndianBytes)
                    if let chain { $0.put(NFTA_VERDICT_CHAIN, text: chain) }
                }
            }
        }
    }
}
