/// Why an issuer's keys couldn't be had.
enum KeyFailure: Error, CustomStringConvertible {
    case noKeys(at: String)
    case untrustworthy(String)
    case otherIssuer(String)
    case tooLong

    var description: String {
        switch self {
        case .noKeys(let place): "'\(place)' holds no key that can be used"
        case .untrustworthy(let address): "'\(address)' is neither HTTPS nor on this machine"
        case .otherIssuer(let address): "'\(address)' describes another issuer"
        case .tooLong: "there are more than \(KeyDocument.maximumLength) bytes of them"
        }
    }
}
