import Registry

extension ServeConfiguration {
    /// How callers are known: by what is configured, and by where the server listens.
    var accessConfiguration: AccessConfiguration {
        var access = access
        access.isOpenWithoutAccounts = isOpen || isForThisMachine
        access.hasIssuers = !identityProviders.isEmpty || !externalTokens.isEmpty
        return access
    }

    /// Whether nobody elsewhere reaches it, not by a proxy of this machine's either, as far as the configuration tells.
    private var isForThisMachine: Bool {
        allListeners.allSatisfy(\.address.isLoopback) && origins.publicURL == nil && origins.proxies.proxies.isEmpty
    }
}
