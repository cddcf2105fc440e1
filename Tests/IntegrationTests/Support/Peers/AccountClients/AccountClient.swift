protocol AccountClient: Sendable {
    var title: String { get }

    func login(as name: String, _ password: String, to server: SecureBerthd) async throws

    func logout(of server: SecureBerthd) async throws

    /// Pushes an image that it has as `name`.
    func push(as name: String, to server: SecureBerthd) async throws

    /// Pulls `name`, none of which it has.
    func pull(_ name: String, from server: SecureBerthd) async throws
}
