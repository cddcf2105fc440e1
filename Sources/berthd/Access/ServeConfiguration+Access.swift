import Registry

extension ServeConfiguration {
    /// How callers are known: by what is configured, and by where the server listens.
    var accessConfiguration: AccessConfiguration {
        var access = access
        access.isOpenWithoutAccounts = isOpen || allListeners.allSatisfy(\.address.isLoopback)
        access.hasIssuers = !identityProviders.isEmpty || !externalTokens.isEmpty
        return access
    }
}
