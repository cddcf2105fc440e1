import CNetlink

/// The tables that iptables, and with it docker and ufw, keep in nftables: where those pass nothing on that no rule of
/// theirs allows, what our table allows would be dropped in theirs.
struct ForeignFirewall {
    private static let all = [
        ForeignFirewall(table: Firewall.Table(name: "filter", family: Firewall.version4)),
        ForeignFirewall(table: Firewall.Table(name: "filter", family: Firewall.version6)),
    ]
    private static let chain = "FORWARD"

    private let table: Firewall.Table

    /// Lets what comes from the bridge, or goes to it, through; our own table has the say on that.
    ///
    /// - Parameter state: by which processes take turns.
    static func open(_ socket: NetlinkSocket, taking state: NetworkFolder) throws {
        for foreign in all where try foreign.isClosed(socket) && !foreign.isOpenToBridge(socket) {
            try state.withLock {
                guard try !foreign.isOpenToBridge(socket) else { return }
                let rules = [FirewallRule().comingBy(Bridge.name), FirewallRule().leavingBy(Bridge.name)]
                let messages = rules.map { $0.accepting().inserted(into: chain, of: foreign.table) }
                try socket.performBatch(messages, to: "let the bridge through iptables' FORWARD chain")
            }
        }
    }

    /// Whether it drops by default.
    private func isClosed(_ socket: NetlinkSocket) throws(NetworkError) -> Bool {
        let answer = try socket.ask(table.question(about: Self.chain), about: "look at iptables' FORWARD chain")
        let policy = answer?.attributes(after: 4)[UInt16(NFTA_CHAIN_POLICY.rawValue)]
        return policy.map { $0.elementsEqual(Firewall.drop.bigEndianBytes) } ?? false
    }

    /// Whether a rule speaks of the bridge already; whoever reloads a firewall takes it away.
    private func isOpenToBridge(_ socket: NetlinkSocket) throws(NetworkError) -> Bool {
        var question = table.message(NFT_MSG_GETRULE)
        question.put(NFTA_RULE_TABLE, text: table.name)
        question.put(NFTA_RULE_CHAIN, text: Self.chain)
        let chain = Array(Self.chain.utf8) + [0]
        let bridge = Array(Bridge.name.utf8) + [0]
        for rule in try socket.list(question, about: "look at iptables' rules") {
            let attributes = rule.attributes(after: 4)
            // Not every kernel lists that chain only.
            guard attributes[UInt16(NFTA_RULE_CHAIN.rawValue)]?.elementsEqual(chain) == true,
                let steps = attributes[UInt16(NFTA_RULE_EXPRESSIONS.rawValue)]
            else { continue }
            if steps.contains(bridge) { return true }
        }
        return false
    }
}
