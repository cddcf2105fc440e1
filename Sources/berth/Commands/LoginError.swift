import Credentials
import ImageSpec
import RegistryClient

/// Why a login did not come about.
enum LoginError: Error {
    case refused(RegistryHost, RegistryRefusal)
    case missing(String)
    case noTerminal
    /// The registry takes the login, and there is no place for it here.
    case notKept(RegistryHost, CredentialError)
}

extension LoginError: CustomStringConvertible {
    var description: String {
        switch self {
        case .refused(let host, let refusal):
            "login attempt to \(host) failed with status: \(refusal.status)"
                + (refusal.message.isEmpty ? "" : " (\(refusal.message))")
        case .missing(let what):
            "\(what) is required"
        case .noTerminal:
            "cannot perform an interactive login from a non TTY device; give --username and --password-stdin"
        case .notKept(let host, let error):
            "error saving credentials for \(host): \(error); remove its name from docker's config.json, or install it"
        }
    }
}
