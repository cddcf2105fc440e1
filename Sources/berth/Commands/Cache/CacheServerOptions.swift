import ArgumentParser

/// Which berthd is spoken to.
struct CacheServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where berthd's admin_listen is; by default $BERTH_CACHE_SERVER, else http://127.0.0.1:5002.",
            valueName: "url"
        )
    )
    var server: String?

    var administration: CacheAdministration {
        get throws {
            let address = server ?? Environment.variables["BERTH_CACHE_SERVER"] ?? "http://127.0.0.1:5002"
            return try CacheAdministration(address: address)
        }
    }
}
