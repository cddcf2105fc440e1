import Foundation
import Registry

extension BasicCredential {
    /// Reads an `Authorization` field; nil for another scheme than Basic, and for what isn't one.
    ///
    /// - SeeAlso: RFC 7617.
    init?(authorization: String) {
        let parts = authorization.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "basic", let data = Data(base64Encoded: String(parts[1])),
            let text = String(data: data, encoding: .utf8), let colon = text.firstIndex(of: ":")
        else { return nil }
        self.init(username: String(text[..<colon]), password: String(text[text.index(after: colon)...]))
    }
}
