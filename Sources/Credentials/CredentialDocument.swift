import FoundationEssentials
import ImageSpec

/// What docker's `config.json` holds: credentials, who else keeps them, and much that is not Berth's affair and stays
/// as it is.
///
/// - SeeAlso: docker's "docker login", "Credential stores" and "Credential helpers".
struct CredentialDocument: Sendable, Equatable {
    private var fields: [String: JSONValue]

    init() {
        fields = [:]
    }

    /// - Parameter name: of where the bytes came from, for errors.
    /// - Throws: ``CredentialError/invalidFile(_:reason:)``.
    init(parsing bytes: [UInt8], name: String) throws(CredentialError) {
        if bytes.allSatisfy({ [0x20, 0x09, 0x0a, 0x0d].contains($0) }) {
            fields = [:]
            return
        }
        do {
            fields = try ForeignJSON.decode([String: JSONValue].self, from: bytes)
        } catch {
            throw .invalidFile(name, reason: "it is not a JSON object")
        }
    }

    /// - Throws: `EncodingError` never, for what was parsed.
    func bytes() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try Array(encoder.encode(fields)) + [UInt8(ascii: "\n")]
    }

    /// The name of the helper that keeps the credential of `address`, such as `pass`; nil when this file does.
    func helper(for address: ServerAddress) -> String? {
        if case .string(let name)? = Self.entry(of: address, in: object("credHelpers")) { return name }
        guard case .string(let name)? = fields["credsStore"], !name.isEmpty else { return nil }
        return name
    }

    /// The credential that the file itself holds for `address`.
    ///
    /// - Parameter repository: podman may have one for it, or for a part of its name, which comes first then.
    func credential(for address: ServerAddress, repository: RepositoryName? = nil) -> Credential? {
        let auths = object("auths")
        let special = repository.flatMap { address.keys(for: $0).lazy.compactMap { auths[$0] }.first }
        guard case .object(let entry)? = special ?? Self.entry(of: address, in: auths) else { return nil }
        let (username, password) = Self.usernameAndPassword(in: entry)
        if let token = Self.text("identitytoken", in: entry) {
            return .identityToken(username: username ?? "", token: token)
        }
        if let token = Self.text("registrytoken", in: entry) { return .registryToken(token) }
        guard let username, let password else { return nil }
        return .password(username: username, password: password)
    }

    /// Whether there is an entry for `address`, be it an empty one that says that a helper has the credential.
    func mentions(_ address: ServerAddress) -> Bool {
        object("auths").keys.contains { address.matches($0) }
    }

    /// Replaces what is there for `address`.
    ///
    /// - Parameter credential: nil leaves the empty entry that docker leaves when a helper keeps the credential.
    mutating func set(_ credential: Credential?, for address: ServerAddress) {
        remove(address)
        var entry: [String: JSONValue] = [:]
        switch credential {
        case .password(let username, let password):
            entry["auth"] = .string(Self.base64("\(username):\(password)"))
        case .identityToken(let username, let token):
            entry["auth"] = .string(Self.base64("\(username):"))
            entry["identitytoken"] = .string(token)
        case .registryToken(let token):
            entry["registrytoken"] = .string(token)
        case nil:
            break
        }
        fields["auths"] = .object(object("auths").merging([address.rawValue: .object(entry)]) { $1 })
    }

    mutating func remove(_ address: ServerAddress) {
        guard fields["auths"] != nil else { return }
        fields["auths"] = .object(object("auths").filter { !address.matches($0.key) })
    }

    private func object(_ name: String) -> [String: JSONValue] {
        guard case .object(let object)? = fields[name] else { return [:] }
        return object
    }

    /// The entry under the address itself before those under other ways to write it.
    private static func entry(of address: ServerAddress, in object: [String: JSONValue]) -> JSONValue? {
        object[address.rawValue] ?? object.keys.sorted().first { address.matches($0) }.flatMap { object[$0] }
    }

    private static func usernameAndPassword(in entry: [String: JSONValue]) -> (username: String?, password: String?) {
        guard let auth = text("auth", in: entry) else {
            return (text("username", in: entry), text("password", in: entry))
        }
        guard let bytes = Data(base64Encoded: auth) else { return (nil, nil) }
        let text = String(decoding: bytes, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":") else { return (nil, nil) }
        // Docker once padded what it encoded with zeros.
        let password = text[text.index(after: colon)...].prefix { $0 != "\0" }
        return (String(text[..<colon]), String(password))
    }

    private static func text(_ name: String, in entry: [String: JSONValue]) -> String? {
        guard case .string(let text)? = entry[name], !text.isEmpty else { return nil }
        return text
    }

    private static func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
}
