import Foundation
import NIOHTTP1

extension HTTPHeaders {
    /// Who ``Berthd/addAccounts(in:scopes:)`` made.
    static func login(_ name: String) -> HTTPHeaders {
        ["authorization": "Basic " + Data("\(name):\(name)-password".utf8).base64EncodedString()]
    }
}
