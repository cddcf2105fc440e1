import FoundationEssentials
import ImageSpec

/// A program that prints a credential, and maybe until when it is good: clouds give theirs that way.
///
/// It prints JSON with `username` and `password`, or docker's `Username` and `Secret`, or a `token` that the registry
/// takes as it is; and `expires_at` (RFC 3339, or seconds since 1970) or `expires_in` (seconds) where it ends.
package struct CredentialCommand: Sendable {
    private static let timeLimit = Duration.seconds(60)
    /// In bytes.
    private static let maximumAnswer = 64 << 10

    package struct Answer: Sendable {
        package let credential: Credential
        /// How long it is good from now on; nil when the program doesn't say.
        package let lifetime: Duration?
    }

    /// Looked up in `PATH`.
    private let program: String
    private let arguments: [String]

    /// - Returns: nil for no words.
    package init?(_ words: [String]) {
        guard let program = words.first else { return nil }
        self.program = program
        arguments = Array(words.dropFirst())
    }

    /// - Throws: ``CredentialError``.
    package func run() async throws -> Answer {
        let process = HelperProcess(
            program: program,
            timeLimit: Self.timeLimit,
            maximumAnswer: Self.maximumAnswer
        )
        let answer = try await process.run(arguments, called: "login", input: [])
        guard answer.status == 0 else { throw failure("it ended with status \(answer.status)") }
        guard let fields = try? ForeignJSON.decode([String: Value].self, from: answer.text.utf8) else {
            // Not its text: that is likely a secret.
            throw failure("it printed no JSON object")
        }
        let values = Dictionary(fields.map { ($0.key.lowercased(), $0.value) }, uniquingKeysWith: { first, _ in first })
        guard let credential = Self.credential(values) else {
            throw failure("it printed neither 'username' and 'password' nor 'token'")
        }
        return Answer(credential: credential, lifetime: try lifetime(values))
    }

    private static func credential(_ values: [String: Value]) -> Credential? {
        let username = values["username"]?.text ?? ""
        if let password = (values["password"] ?? values["secret"])?.text {
            // Docker's helpers say so of a token that stands for the password.
            if username == "<token>" { return .identityToken(username: "", token: password) }
            return username.isEmpty ? nil : .password(username: username, password: password)
        }
        return (values["token"]?.text).map { .registryToken($0) }
    }

    private func lifetime(_ values: [String: Value]) throws -> Duration? {
        if let seconds = values["expires_in"]?.number { return .seconds(min(max(seconds, 0), 10 * 365 * 86_400)) }
        guard let value = values["expires_at"] ?? values["expiration"] else { return nil }
        guard let end = value.number ?? value.text.flatMap(Self.seconds) else {
            throw failure("its 'expires_at' is no time")
        }
        return .seconds(min(max(end - Date().timeIntervalSince1970, 0), 10 * 365 * 86_400))
    }

    private static func seconds(_ text: String) -> Double? {
        let whole = try? Date(text, strategy: .iso8601)
        let exact = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        return (whole ?? exact)?.timeIntervalSince1970
    }

    private func failure(_ reason: String) -> CredentialError {
        .helperFailed(program, action: "login", reason: reason)
    }

    private enum Value: Decodable {
        case text(String)
        case number(Double)
        case other

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self) {
                self = .number(number)
            } else {
                self = .other
            }
        }

        var text: String? {
            guard case .text(let text) = self, !text.isEmpty else { return nil }
            return text
        }

        var number: Double? {
            switch self {
            case .number(let number): number
            case .text(let text): Double(text)
            case .other: nil
            }
        }
    }
}
