import Logging
import Registry

/// What a server's log says at its start while there is no account.
struct FirstAccountNotice {
    let access: AccessControl
    let configuration: ServeConfiguration
    let logger: Logger

    /// - Parameter addresses: where the server listens, in the order of the configuration's listeners.
    func write(addresses: [ListenAddress]) {
        if let secret = access.setupSecret {
            // The secret stands behind the #, which no browser sends and no proxy logs.
            logger.notice(
                """
                there are no accounts yet, and nobody may do anything: make the first administrator by this link, which \
                is good until the next start, or by 'berthd user add --admin NAME'
                """,
                metadata: ["link": "\(root(addresses))/setup#\(secret)"]
            )
        } else if access.policy.isOpen {
            let reach = configuration.isOpen ? "reaches this server" : "is on this machine"
            logger.notice(
                """
                there are no accounts: whoever \(reach) may push, pull and delete; 'berthd user add --admin NAME' \
                ends that
                """
            )
        }
    }

    /// By what address somebody elsewhere reaches the server.
    private func root(_ addresses: [ListenAddress]) -> String {
        if let url = configuration.origins.publicURL { return url }
        let listeners = Array(zip(configuration.allListeners, addresses))
        guard let (listener, address) = listeners.first(where: { !$0.1.isLoopback }) ?? listeners.first else {
            return ""
        }
        let isWildcard = ["0.0.0.0", "::"].contains(address.host)
        let host = isWildcard ? MachineNames(configuration).forOthers : address.host
        return "\(listener.isPlain ? "http" : "https")://\(ListenAddress(host: host, port: address.port))"
    }
}
