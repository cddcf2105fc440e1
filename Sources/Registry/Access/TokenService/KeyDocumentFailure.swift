/// Why another issuer's keys couldn't be fetched.
enum KeyDocumentFailure: Error, CustomStringConvertible {
    case refused(url: String, status: UInt)
    case tooLong(url: String)
    case tooSlow(limit: Duration)

    var description: String {
        switch self {
        case .refused(let url, let status): "'\(url)' answered with \(status)"
        case .tooLong(let url): "'\(url)' sent more than anybody's keys need"
        case .tooSlow(let limit): "nothing whole came within \(limit)"
        }
    }
}
