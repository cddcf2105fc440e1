import FoundationEssentials

/// The `Authorization` header with a username and a password.
///
/// - SeeAlso: RFC 7617, section 2.
enum BasicHeader {
    static func value(username: String, password: String) -> String {
        "Basic " + Data("\(username):\(password)".utf8).base64EncodedString()
    }
}
