import AsyncHTTPClient
import FoundationEssentials
import Glibc
import ImageSpec
import NIOCore
import NIOHTTP1

/// A registry's answer that says no: the status, and what it said about why.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Error Codes".
package struct RegistryRefusal: Sendable, Equatable {
    /// Such as `GET`.
    package let method: String
    package let url: String
    package let status: UInt
    /// The registry's own code, such as `MANIFEST_UNKNOWN`; empty when it gave none.
    package let code: String
    /// The registry's own words; empty when it gave none.
    package let message: String
    package let retryAfter: Duration?
}

extension RegistryRefusal {
    /// In bytes.
    private static let maximumBodySize = 64 << 10
    /// In characters.
    private static let maximumTextLength = 500

    /// Reads what `response` says, and no more of it than is shown.
    init(_ response: HTTPClientResponse, to method: HTTPMethod, _ url: URL) async {
        let body = try? await response.body.collect(upTo: Self.maximumBodySize)
        let document = body.flatMap { try? ForeignJSON.decode(Document.self, from: $0.readableBytesView) }
        let first = document?.errors?.first
        self.method = method.rawValue
        self.url = url.withoutQuery
        status = response.status.code
        code = Self.printable(first?.code ?? "")
        message = Self.printable(first?.message ?? document?.ownWords ?? "")
        retryAfter = response.headers.first(name: "Retry-After").flatMap { Self.pause($0) }
    }

    /// Whether the same request may be answered otherwise in a moment.
    var isTransient: Bool {
        switch status {
        case 408, 425, 429: true
        // About what the server can do at all.
        case 501, 505: false
        default: (500...599).contains(status)
        }
    }

    /// Reads `Retry-After`: seconds, or a date.
    ///
    /// - SeeAlso: RFC 9110, section 10.2.3.
    static func pause(_ text: String) -> Duration? {
        if let seconds = Int(text) { return seconds >= 0 ? .seconds(seconds) : nil }
        return HTTPDate(text).map { .seconds(max(0, $0.seconds - time(nil))) }
    }

    /// Text from outside, safe to show on a terminal.
    private static func printable(_ text: String) -> String {
        let isPrintable: (Unicode.Scalar) -> Bool = { $0.properties.generalCategory != .control }
        return String(String.UnicodeScalarView(text.unicodeScalars.prefix(maximumTextLength).filter(isPrintable)))
    }

    private struct Document: Decodable {
        let errors: [Entry]?
        let details: JSONValue?

        /// Docker Hub's token service has a form of its own.
        var ownWords: String? {
            guard case .string(let text)? = details else { return nil }
            return text
        }

        struct Entry: Decodable {
            let code: String?
            let message: String?
        }
    }
}

extension RegistryRefusal: CustomStringConvertible {
    package var description: String {
        let said = [code, message].filter { !$0.isEmpty }.joined(separator: ": ")
        let meaning =
            switch status {
            case 401: "the registry wants a login"
            case 403: "access is denied"
            case 404: "not found"
            case 429: "too many requests; try again later"
            default: "status \(status)"
            }
        return "\(method) \(url): \(meaning)" + (said.isEmpty ? "" : " (\(said))")
    }
}

extension URL {
    /// For messages: queries hold signatures and session state.
    var withoutQuery: String { String(absoluteString.prefix { $0 != "?" }.prefix(500)) }
}
