import NIOCore

/// What all connections of the server have in common.
struct ConnectionSettings: Sendable {
    let limits: LiveLimits
    let admission: Admission
    let instruments: ServerInstruments
    let origins: OriginConfiguration
    let accessLog: @Sendable (AccessEntry) -> Void
}
