import NIOHTTP1

extension HTTPHeaders {
    /// Who ``Berthd/addAccounts(in:scopes:)`` made.
    static func login(_ name: String) -> HTTPHeaders {
        .basic(name, "\(name)-password")
    }
}
