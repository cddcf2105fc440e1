import ImageSpec

/// Why a registry did not do what it was asked.
package enum RegistryClientError: Error, Sendable, Equatable {
    case invalidAddress(String)
    case invalidProxy(String)
    /// No answer, or one that broke off.
    case connectionFailed(host: String, reason: String, isTransient: Bool)
    /// An answer that says no.
    case refused(RegistryRefusal)
    /// The registry's token service accepts no such user.
    case loginRefused(registry: String, RegistryRefusal)
    /// The registry's token service doesn't give what the registry wants to see, for a reason that won't pass.
    case tokenRefused(registry: String, RegistryRefusal)
    case tooManyRedirects(url: String, limit: Int)
    case forbiddenRedirect(from: String, to: String)
    /// The registry names a token service that nothing secret may be told.
    case forbiddenRealm(registry: String, realm: String)
    /// What is said about a registry's hosts can't be understood.
    case invalidHostsFile(path: String, line: Int?, reason: String)
    /// A certificate or key that should be used with the registry can't be.
    case unusableCertificate(file: String, reason: String)
    /// An answer that isn't one by the distribution-spec.
    case invalidResponse(url: String, reason: String)
    case tooLarge(url: String, limit: Int)
    case wrongContent(url: String, expected: Digest, actual: Digest)
    case wrongLength(url: String, expected: Int64, actual: Int64)
    /// The content ended early.
    case truncated(url: String, expected: Int64, actual: Int64)
    /// An upload session that the registry knows no more, or can't go on with.
    case lostUpload(url: String, reason: String)
    /// The address of a foreign layer gives it to nobody, or not to those whom it doesn't know.
    case foreignLayerDenied(url: String, status: UInt)
    /// The registry lacks a foreign layer, and none of its own addresses may be asked.
    case foreignLayerRefused(Digest, urls: [String])
    /// The whole came where a range was asked for, and is of no use.
    case rangesUnknown(url: String)
}

extension RegistryClientError {
    /// Whether the same request may succeed in a moment.
    package var isTransient: Bool {
        switch self {
        case .connectionFailed(_, _, let isTransient): isTransient
        case .refused(let refusal): refusal.isTransient
        case .truncated, .lostUpload: true
        default: false
        }
    }

    /// Whether nothing was wrong with what was asked, but nobody was there to answer.
    var isUnreachable: Bool {
        guard case .connectionFailed = self else { return false }
        return true
    }

    /// Whether the registry says that it has no such thing.
    package var isNotFound: Bool {
        guard case .refused(let refusal) = self else { return false }
        return refusal.status == 404
    }

    /// Whether bytes came that prove to be others.
    package var isWrongContent: Bool {
        guard case .wrongContent = self else { return false }
        return true
    }

    /// The status of an answer that says no; nil for any other failure.
    package var refusedStatus: UInt? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.status
    }

    package var retryAfter: Duration? {
        guard case .refused(let refusal) = self else { return nil }
        return refusal.retryAfter
    }
}

extension RegistryClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .invalidAddress(let text):
            "'\(text)' is not the address of a registry"
        case .invalidProxy(let text):
            "'\(text)' is not the address of an HTTP proxy, as http://proxy.example.com:3128 and without a user"
        case .connectionFailed(let host, let reason, _):
            "no answer from \(host): \(reason)"
        case .refused(let refusal):
            refusal.description
        case .loginRefused(let registry, let refusal):
            "the token service of \(registry) refuses the login: \(refusal)"
        case .tokenRefused(let registry, let refusal):
            "the token service of \(registry) gives no token: \(refusal)"
        case .tooManyRedirects(let url, let limit):
            "\(url) was redirected more than \(limit) times"
        case .forbiddenRedirect(let source, let target):
            "\(source) points to \(target), which is not followed: it should be an https address without a user"
        case .forbiddenRealm(let registry, let realm):
            "\(registry) wants tokens from \(realm), which is not asked: it should be an https address"
        case .invalidHostsFile(let path, let line, let reason):
            path + (line.map { ":\($0)" } ?? "") + ": \(reason)"
        case .unusableCertificate(let file, let reason):
            "\(file) can't be used: \(reason)"
        case .invalidResponse(let url, let reason):
            "the answer to \(url) is not valid: \(reason)"
        case .tooLarge(let url, let limit):
            "the answer to \(url) has more than \(limit) bytes"
        case .wrongContent(let url, let expected, let actual):
            "\(url) should be \(expected), but what came is \(actual)"
        case .wrongLength(let url, let expected, let actual):
            "\(url) should have \(expected) bytes, but the registry has \(actual)"
        case .truncated(let url, let expected, let actual):
            "\(url) broke off after \(actual) of \(expected) bytes"
        case .foreignLayerDenied(let url, let status):
            "the foreign layer is not to be had from \(url): status \(status)"
        case .foreignLayerRefused(let digest, let urls):
            "the registry lacks the foreign layer \(digest), and it is not fetched from \(urls[0].prefix(200)): that "
                + "should be an https address without a user"
        case .rangesUnknown(let url):
            "\(url) can't be had in ranges"
        case .lostUpload(let url, let reason):
            "the upload to \(url) can't go on: \(reason)"
        }
    }
}
