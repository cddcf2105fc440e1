import Glibc
import Logging
import NIOCore
import RegistryServer

extension ServeCommand {
    /// Makes berthd's own certificate where a listener needs one.
    ///
    /// - Returns: where it is; nil when none needs one.
    func prepareSelfSigned(for configuration: ServeConfiguration, logger: Logger) throws -> SelfSignedFolder? {
        guard configuration.allListeners.contains(where: { $0.source == .selfSigned }) else { return nil }
        let folder = SelfSignedFolder(configuration.data.appending("tls").string)
        try folder.prepare(for: MachineNames(configuration).serverNames)
        return folder
    }

    /// Says where the server listens, to programs and to people.
    func tellListening(
        at addresses: [SocketAddress],
        of configuration: ServeConfiguration,
        _ selfSigned: SelfSignedFolder?,
        logger: Logger
    ) {
        let listeners = zip(configuration.allListeners, addresses)
        for (listener, address) in listeners {
            // Programs that start berthd read these lines: one for each listener, in their order, and no other on stdout.
            print("berthd listens on \(listener.isPlain ? "http" : "https")://\(ListenAddress(address))")
        }
        fflush(nil)
        for (listener, address) in listeners where listener.isPlain && !address.isLoopback {
            logger.warning(
                "a listener without TLS can be reached from elsewhere: passwords and images can be read on the way",
                metadata: ["address": "\(ListenAddress(address))"]
            )
        }
        let own = listeners.first { $0.0.source == .selfSigned }
        if let selfSigned, let own {
            let listening = ListenAddress(own.1)
            let host = own.1.isLoopback ? listening.host : MachineNames(configuration).forOthers
            let place = ListenAddress(host: host, port: listening.port)
            for line in TrustInstructions(authority: selfSigned.authority, host: "\(place)").lines {
                logger.notice("\(line)")
            }
        }
    }
}
