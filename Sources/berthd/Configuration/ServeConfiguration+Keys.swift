import ImageSpec
import Registry
import RegistryServer
import Tokens

extension ServeConfiguration {
    /// Every key, in the order in which they are shown: a new one needs a line here and one in `config/berthd.yaml`.
    static let keys: [ConfigurationKey] = [
        ConfigurationKey("listen", \.listen, .address),
        ConfigurationKey("tls", \.tls, .choice),
        ConfigurationKey("tls_certificate", \.tlsCertificate, .optional(.file)),
        ConfigurationKey("tls_key", \.tlsKey, .optional(.file)),
        ConfigurationKey("tls_client_authorities", \.tlsClientAuthorities, .optional(.file)),
        ConfigurationKey("tls_client_certificates", \.tlsClientCertificates, .choice),
        ConfigurationKey("client_certificate_name", \.origins.clientCertificateName, .choice),
        ConfigurationKey(
            "strict_transport_time",
            \.origins.strictTransportTime,
            .optional(.duration(.seconds(1) ... .seconds(10 * 366 * 86_400)))
        ),
        ConfigurationKey("public_url", \.origins.publicURL, .optional(.serverURL)),
        ConfigurationKey("trusted_proxies", \.origins.proxies.proxies, .addressRanges),
        ConfigurationKey("proxy_headers", \.origins.proxies.header, .choice),
        ConfigurationKey("metrics_listen", \.metricsListen, .optional(.address)),
        ConfigurationKey("metrics_open", \.metricsOpen, .flag),
        ConfigurationKey("data", \.data, .folder),

        ConfigurationKey("open", \.isOpen, .flag),
        ConfigurationKey("htpasswd", \.access.passwordFile, .optional(.file)),
        ConfigurationKey("password_cost", \.access.passwordCost, .count(10...16)),
        ConfigurationKey("login_failures", \.access.lockout.freeFailures, .count(1...1000)),
        ConfigurationKey("login_pause", \.access.lockout.longestPause, .duration(.seconds(1) ... .seconds(86_400))),

        ConfigurationKey("log_level", \.logLevel, .choice, whileRunning: true),
        ConfigurationKey("log_format", \.logFormat, .choice),
        ConfigurationKey("access_log", \.accessLog, .flag, whileRunning: true),

        ConfigurationKey("drain_time", \.limits.drainTime, .duration(.zero ... .seconds(86_400)), whileRunning: true),
        ConfigurationKey("max_connections", \.limits.connections, .count(1...1_000_000), whileRunning: true),
        ConfigurationKey(
            "max_connections_per_address",
            \.limits.connectionsPerAddress,
            .count(1...1_000_000),
            whileRunning: true
        ),
        ConfigurationKey("max_requests", \.limits.requests, .count(1...1_000_000), whileRunning: true),
        ConfigurationKey("max_uploads", \.registry.maximumUploads, .count(1...100_000), whileRunning: true),
        ConfigurationKey("header_timeout", \.limits.headerTime, .duration(.timeout), whileRunning: true),
        ConfigurationKey("idle_timeout", \.limits.idleTime, .duration(.timeout)),
        ConfigurationKey("slow_timeout", \.limits.slowTime, .duration(.timeout), whileRunning: true),
        ConfigurationKey("minimum_rate", \.limits.minimumRate, .optional(.bytes(1...(1 << 30))), whileRunning: true),
        ConfigurationKey("request_rate", \.limits.requestRate, .optional(.count(1...1_000_000)), whileRunning: true),
        ConfigurationKey(
            "request_rate_per_user",
            \.limits.requestRatePerUser,
            .optional(.count(1...1_000_000)),
            whileRunning: true
        ),
        ConfigurationKey("request_burst", \.limits.requestBurst, .count(1...1_000_000), whileRunning: true),
        ConfigurationKey("max_uri_length", \.limits.uriLength, .bytes((1 << 10)...(1 << 20))),
        ConfigurationKey("max_header_size", \.limits.headerSize, .bytes((4 << 10)...(1 << 20))),

        ConfigurationKey("max_blob_size", \.registry.maximumBlobSize, .optional(.bytes((1 << 20)...(1 << 50)))),
        ConfigurationKey("max_manifest_size", \.registry.maximumManifestSize, .bytes((1 << 10)...(64 << 20))),
        ConfigurationKey(
            "max_manifest_references",
            \.registry.maximumReferencesPerManifest,
            .count(1...100_000)
        ),
        ConfigurationKey("max_manifest_tags", \.registry.maximumTagsPerPush, .count(0...10_000)),
        ConfigurationKey("max_name_length", \.registry.maximumNameLength, .count(1...RepositoryName.maximumLength)),
        ConfigurationKey("sparse_manifests", \.registry.sparseManifests, .choice),
        ConfigurationKey("chunk_min_length", \.registry.minimumChunkLength, .bytes(0...(1 << 30))),
        ConfigurationKey("manifest_cache_size", \.registry.manifestCacheSize, .bytes(0...(64 << 30))),
        ConfigurationKey("max_page_length", \.registry.maximumPageLength, .count(1...100_000)),
        ConfigurationKey("upload_checkpoint", \.registry.uploadCheckpointInterval, .bytes((1 << 20)...(1 << 40))),
        ConfigurationKey("upload_ttl", \.registry.uploadTTL, .duration(.seconds(1) ... .seconds(366 * 86_400))),
        ConfigurationKey("token_issuer", \.tokens.issuer, .tokenName),
        ConfigurationKey("token_service", \.tokens.service, .tokenName),
        ConfigurationKey("token_ttl", \.tokens.lifetime, .duration(.seconds(60) ... .seconds(3600))),
        ConfigurationKey("token_algorithm", \.tokens.algorithm, .choice),
        ConfigurationKey("challenge", \.challenge, .choice),
        ConfigurationKey("audit_pulls", \.registry.auditsPulls, .flag, whileRunning: true),
        ConfigurationKey(
            "audit_retention",
            \.registry.auditRetention,
            .optional(.duration(.seconds(3600) ... .seconds(36_600 * 86_400)))
        ),
        ConfigurationKey("default_upstream", \.defaultUpstream, .optional(.name)),
        ConfigurationKey("cache_size", \.registry.cacheSize, .optional(.bytes((1 << 20)...(1 << 50)))),
        ConfigurationKey("minimum_free_space", \.registry.minimumFreeSpace, .optional(.bytes(1...(1 << 50)))),
    ]
}

extension ClosedRange<Duration> {
    /// What a timeout may be: not so short that honest clients fail.
    fileprivate static var timeout: ClosedRange<Duration> { .milliseconds(100) ... .seconds(86_400) }
}
