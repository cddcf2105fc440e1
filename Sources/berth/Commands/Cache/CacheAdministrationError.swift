/// Why a berthd did not do what its operator asked.
enum CacheAdministrationError: Error, Equatable {
    case invalidAddress(String)
    case noAnswer(String, reason: String)
    case refused(String)
}

extension CacheAdministrationError: CustomStringConvertible {
    var description: String {
        switch self {
        case .invalidAddress(let text): "'\(text)' is not an address, as http://127.0.0.1:5002"
        case .noAnswer(let address, let reason):
            "no answer from \(address): \(reason); it should be what berthd's configuration calls admin_listen"
        case .refused(let words): words
        }
    }
}
