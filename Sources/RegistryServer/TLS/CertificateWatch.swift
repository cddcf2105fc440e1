import ServiceLifecycle

/// Looks every now and then whether the files of certificates have changed.
struct CertificateWatch: Service {
    private static let interval = Duration.seconds(2)

    let certificates: [LiveCertificates]

    func run() async throws {
        guard !certificates.isEmpty else { return try await gracefulShutdown() }
        try? await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                try await Task.sleep(for: Self.interval)
                for certificates in certificates { certificates.reloadIfChanged() }
            }
        }
    }
}
