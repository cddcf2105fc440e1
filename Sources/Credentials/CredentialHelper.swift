import FoundationEssentials
import Glibc
import ImageSpec
import SystemPackage

/// A program that keeps credentials for docker and whoever speaks as docker does, such as
/// `docker-credential-secretservice`.
///
/// - SeeAlso: docker/docker-credential-helpers, "Development".
package struct CredentialHelper: Sendable {
    /// A helper may ask its user to unlock what it keeps.
    private static let timeLimit = Duration.seconds(120)
    /// Of what a helper answers, in bytes.
    private static let maximumAnswer = 256 << 10
    /// Stands for the username of an identity token.
    private static let tokenUsername = "<token>"

    /// Looked up in `PATH`.
    let program: String
    var timeLimit = CredentialHelper.timeLimit

    /// - Parameter name: what follows `docker-credential-` in the program's name.
    /// - Throws: ``CredentialError/invalidHelperName(_:)``.
    init(named name: String) throws(CredentialError) {
        guard !name.isEmpty, name.utf8.count <= 200, name.utf8.allSatisfy(Self.isNameByte) else {
            throw .invalidHelperName(name)
        }
        program = "docker-credential-\(name)"
    }

    /// The credential that the helper keeps for `address`; nil when it has none.
    func credential(for address: ServerAddress) async throws -> Credential? {
        let answer = try await run("get", input: address.rawValue)
        guard answer.status == 0 else {
            if answer.text.contains("credentials not found") { return nil }
            throw failure("get", answer)
        }
        guard let stored = try? ForeignJSON.decode(StoredCredential.self, from: answer.text.utf8) else {
            throw CredentialError.helperFailed(program, action: "get", reason: "its answer is no credential")
        }
        if stored.username == Self.tokenUsername { return .identityToken(username: "", token: stored.secret) }
        guard !stored.username.isEmpty || !stored.secret.isEmpty else { return nil }
        return .password(username: stored.username, password: stored.secret)
    }

    func store(_ credential: Credential, for address: ServerAddress) async throws {
        let (username, secret) =
            switch credential {
            case .password(let username, let password): (username, password)
            case .identityToken(_, let token), .registryToken(let token): (Self.tokenUsername, token)
            }
        let stored = StoredCredential(serverURL: address.rawValue, username: username, secret: secret)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let input = String(decoding: try encoder.encode(stored), as: UTF8.self)
        let answer = try await run("store", input: input)
        guard answer.status == 0 else { throw failure("store", answer) }
    }

    func erase(_ address: ServerAddress) async throws {
        let answer = try await run("erase", input: address.rawValue)
        guard answer.status == 0 || answer.text.contains("credentials not found") else {
            throw failure("erase", answer)
        }
    }

    private func failure(_ action: String, _ answer: HelperProcess.Answer) -> CredentialError {
        let said = answer.text.split(whereSeparator: \.isNewline).first.map { String($0.prefix(500)) }
        return .helperFailed(program, action: action, reason: said ?? "it ended with status \(answer.status)")
    }

    private func run(_ action: String, input: String) async throws -> HelperProcess.Answer {
        let process = HelperProcess(program: program, timeLimit: timeLimit, maximumAnswer: Self.maximumAnswer)
        return try await process.run(action, input: Array(input.utf8))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// What goes over the helper's standard input and output.
    private struct StoredCredential: Codable {
        let serverURL: String
        let username: String
        let secret: String

        enum CodingKeys: String, CodingKey {
            case serverURL = "ServerURL"
            case username = "Username"
            case secret = "Secret"
        }
    }
}
