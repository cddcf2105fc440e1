import RegistryClient

extension TransferProgress {
    /// Tells people that a mirror could not help, and that the next is asked.
    func notePassedOver(_ endpoint: RegistryEndpoint, _ error: any Error) {
        warn(Failure(error, as: "the mirror \(endpoint.host) is passed over").text)
    }
}
