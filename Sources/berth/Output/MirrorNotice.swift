import RegistryClient

/// Tells that a mirror could not help, and that the next is asked.
enum MirrorNotice {
    static func report(_ endpoint: RegistryEndpoint, _ error: any Error) {
        Failure(error, as: "the mirror \(endpoint.host) is passed over").report()
    }
}
