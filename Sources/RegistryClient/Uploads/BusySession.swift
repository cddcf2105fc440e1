/// An upload session still reads what a connection brought that is no more; in a moment it can be gone on with.
struct BusySession: Error {
    let pause: Duration

    /// Nil when the registry means something else.
    init?(_ refusal: RegistryRefusal) {
        guard refusal.status == 409, let pause = refusal.retryAfter, pause < .seconds(10) else { return nil }
        self.pause = pause
    }
}
