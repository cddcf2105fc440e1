import ArgumentParser

/// Which berthd is spoken to.
struct CacheServerOptions: ParsableArguments {
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Option(
        help: ArgumentHelp(
            "Which berthd; by default $BERTH_CACHE_SERVER, else localhost:5000.",
            valueName: "host[:port]"
        )
    )
    var server: String?

    func administration(by berth: BerthCommand) async throws -> CacheAdministration {
        let address = server ?? Environment.variables["BERTH_CACHE_SERVER"] ?? "localhost:5000"
        return CacheAdministration(client: try await berth.client(for: LoginTarget.host(address)))
    }
}
