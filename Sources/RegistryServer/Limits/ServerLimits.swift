/// How much the server takes on, and how long it waits for whom.
package struct ServerLimits: Sendable, Equatable {
    /// How long requests under way may go on after the server was told to stop.
    package var drainTime: Duration = .seconds(10)
    /// Connections in all.
    package var connections = 10_000
    /// Connections of one client's address.
    package var connectionsPerAddress = 1000
    /// Requests that are being answered.
    package var requests = 2000
    /// How long a new connection may take to send a request's head.
    package var headerTime: Duration = .seconds(30)
    /// How long a connection may be idle before it is closed.
    package var idleTime: Duration = .seconds(120)
    /// How long a client that sends or reads a body may stay behind ``minimumRate``.
    package var slowTime: Duration = .seconds(60)
    /// In bytes a second; nil where a body may be as slow as it likes.
    package var minimumRate: Int? = 1024
    /// The longest address that a request may have, with its query, in bytes.
    package var uriLength = 16 << 10
    /// How many bytes a request's headers may have together.
    package var headerSize = 64 << 10
    /// How many requests a second one address may send; nil for any number.
    package var requestRate: Int?
    /// How many requests a second may be sent in one account's name; nil for any number.
    package var requestRatePerUser: Int?
    /// How many requests beyond a rate may come at once after a pause.
    package var requestBurst = 200

    package init() {}
}
