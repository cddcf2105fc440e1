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

    @Option(name: .long, help: "Where the certificate comes from: files, or self-signed.")
    var tls: String?

    func run() async throws {
        let configuration = try readConfiguration()
        let log = Log(configuration)
        LoggingSystem.bootstrap { BerthdLogHandler(log: log, label: $0) }
        defer { log.flush() }
        try await serve(configuration, log: log)
    }

    private func readConfiguration() throws -> ServeConfiguration {
        var flags: [String: String] = [:]
        flags["listen"] = listen
        flags["data"] = data
        flags["tls"] = tls
        return try ConfigurationReading(file: config, flags: flags).configuration
    }

    private func serve(_ configuration: ServeConfiguration, log: Log) async throws {
        let logger = Logger(label: "berthd")
        // Until the configuration can be read again.
        signal(SIGHUP, SIG_IGN)
        raiseOpenFileLimit(for: configuration.limits.connections, logger: logger)
        let folder = try DataFolder(configuration.data)
        let metadata = try SQLiteMetadataStore(path: folder.database)
        let access = try await AccessControl(
            metadata: metadata,
            configuration: configuration.accessConfiguration,
            logger: logger
        )
        let blobs = try FileBlobStore(root: folder.root)
        let registry = try Registry(
            blobs: blobs,
            metadata: metadata,
            configuration: configuration.registry,
            access: access,
            upstreams: configuration.upstreams,
            defaultUpstream: configuration.defaultUpstream,
            logger: logger
        )
        let selfSigned = try prepareSelfSigned(for: configuration, logger: logger)
        var serverConfiguration = RegistryServerConfiguration(
            listeners: configuration.allListeners.map { $0.configuration(selfSigned: selfSigned?.certificates) }
        )
        serverConfiguration.origins = configuration.origins
        serverConfiguration.limits = configuration.limits
        let credentials = PacedCredentials(AuditedCredentials(access, access: access, audit: registry.audit))
        let tokens = try await TokenService(configuration, keys: metadata, access: access, credentials: credentials)
        let authentication = Authentication(credentials: credentials, tokens: tokens, scheme: configuration.challenge)
        let instruments = ServerInstruments()
        let readiness = Readiness(registry)
        let (listening, isListening) = AsyncStream.makeStream(of: Void.self)
        let (cacheListening, cacheIsListening) = AsyncStream.makeStream(of: Void.self)
        let server = try RegistryServer(
            registry: registry,
            configuration: serverConfiguration,
            authentication: authentication,
            readiness: readiness,
            logger: logger,
            instruments: instruments,
            accessLog: log.record
        ) { addresses in
            tellListening(at: addresses, of: configuration, selfSigned, logger: logger)
            FirstAccountNotice(access: access, configuration: configuration, logger: logger)
                .write(addresses: addresses.map { ListenAddress($0) })
            isListening.yield()
            cacheIsListening.yield()
        }
        let sweep = SweepService(registry: registry, logger: logger, listening: listening)
        let reconfiguration = ReconfigurationService(
            configuration: configuration,
            logger: logger,
            read: readConfiguration
        ) { new in
            log.apply(new)
            server.limits.apply(new.limits)
            server.reloadCertificates()
            registry.apply(new.registry)
        }
        let cache = CacheService(registry: registry, logger: logger, listening: cacheListening)
        let mirrors = MirrorService(mirrors: configuration.mirrors, uploads: folder.mirrorUploads, logger: logger)
        let renewal = SelfSignedService(folder: selfSigned, configuration: configuration, logger: logger)
        let signingKeys = SigningKeyService(keys: tokens.issuer.keys, logger: logger)
        let changes = AccessService(access: access, logger: logger)
        let audit = AuditService(
            audit: registry.audit,
            retention: configuration.registry.auditRetention,
            logger: logger
        )
        // The audit stops behind the server, whose last requests it is told of.
        var started: [any Service] = [
            audit, reconfiguration, server, sweep, cache, mirrors, renewal, signingKeys, changes,
        ]
        if let address = configuration.metricsListen {
            // The first to start is the last to stop: it says that the server isn't ready while that one drains.
            started.insert(
                OperationServer(
                    host: address.host,
                    port: address.port,
                    readiness: readiness,
                    access: configuration.metricsOpen || address.isLoopback ? nil : (access, authentication),
                    logger: logger
                ) { text in
                    instruments.write(to: &text)
                    await RegistryMetrics.write(registry, to: &text)
                    await CacheMetrics.write(registry, to: &text)
                    AuditMetrics.write(registry.audit, to: &text)
                    metadata.instruments.write(to: &text)
                    ProcessMetrics.write(to: &text)
                },
                at: 0
            )
        }
        let services = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: started,
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        try await services.run()
        await registry.closeUpstreams()
        try metadata.close()
        try await blobs.close()
        withExtendedLifetime(folder) {}
    }

    /// Every connection and every open blob takes a descriptor, and the usual soft limit of 1024 is for programs that
    /// use select(2).
    private func raiseOpenFileLimit(for connections: Int, logger: Logger) {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        // A connection and its blob.
        guard limit.rlim_max < rlim_t(connections) * 2 else { return }
        logger.warning(
            "fewer files can be open than max_connections may need; raise the limit (LimitNOFILE, ulimit -n)",
            metadata: ["open_files": "\(limit.rlim_max)", "max_connections": "\(connections)"]
        )
    }
}
