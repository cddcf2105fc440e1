import NIOCore

/// What all connections of the server have in common.
struct ConnectionSettings: Sendable {
    let limits: LiveLimits
    let admission: Admission
    let instruments: ServerInstruments
    let proxies: ProxyTrust
    let accessLog: @Sendable (AccessEntry) -> Void
}
