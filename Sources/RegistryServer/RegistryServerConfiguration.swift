/// How the server listens and what it bears.
package struct RegistryServerConfiguration: Sendable {
    /// In the order in which they are told of; one at least.
    package var listeners: [ListenerConfiguration]
    package var origins = OriginConfiguration()
    package var limits = ServerLimits()

    package init(listeners: [ListenerConfiguration]) {
        self.listeners = listeners
    }
}
