import ArgumentParser
import Glibc
import Logging
import Registry
import RegistryServer
import ServiceLifecycle
import Storage
import SystemPackage

/// `berthd serve`: wires the rooms together and serves until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the registry until SIGTERM or SIGINT.",
        discussion: """
            Example: berthd serve --listen 127.0.0.1:5000 --data /var/lib/berthd

            A flag wins over the environment (BERTHD_LISTEN, BERTHD_DATA, …), which wins over the file.
            """
    )

    @Option(name: .long, help: "The YAML file to read the configuration from.")
    var config: String?

    @Option(name: .long, help: "HOST:PORT to listen on; port 0 picks a free one.")
    var listen: String?

    @Option(name: .long, help: "The folder for blobs and the database.")
    var data: String?

    func run() async throws {
        var configuration = try ServeConfiguration(file: config)
        if let listen { configuration.listen = try ListenAddress(listen) }
        if let data { configuration.data = try ServeConfiguration.folder(data) }

        let logLevel = configuration.logLevel
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = logLevel
            return handler
        }
        let logger = Logger(label: "berthd")

        raiseOpenFileLimit()
        let folder = try DataFolder(configuration.data)
        let metadata = try SQLiteMetadataStore(path: folder.database)
        let blobs = try FileBlobStore(root: folder.root)
        let registry = Registry(blobs: blobs, metadata: metadata)
        var serverConfiguration = RegistryServerConfiguration(
            host: configuration.listen.host,
            port: configuration.listen.port
        )
        serverConfiguration.drainTime = configuration.drainTime
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        let server = RegistryServer(registry: registry, configuration: serverConfiguration, logger: logger) { address in
            // Programs that start berthd read this line: it is the first and only one on stdout.
            print("berthd listens on http://\(ListenAddress(address))")
            fflush(nil)
            isListening.yield()
        }
        let sweep = SweepService(registry: registry, logger: logger, listening: listening)
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server, sweep],
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await services.run()
        try metadata.close()
        try await blobs.close()
        withExtendedLifetime(folder) {}
    }

    /// Every connection and every open blob takes a descriptor, and the usual soft limit of 1024 is for programs that
    /// use select(2).
    private func raiseOpenFileLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}
