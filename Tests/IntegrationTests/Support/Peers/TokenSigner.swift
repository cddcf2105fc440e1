import Glibc
import SystemPackage

/// Signs tokens as a registry's token service does, with a certificate that the registry is told to trust.
struct TokenSigner: Sendable {
    static let issuer = "test-issuer"
    static let service = "test-service"

    /// In PEM.
    let certificate: FilePath
    private let key: FilePath
    private let folder: FilePath

    static func make(on bench: TestBench) async throws -> TokenSigner {
        let folder = try bench.makeFolder("token-signer")
        let signer = TokenSigner(
            certificate: folder.appending("certificate.pem"),
            key: folder.appending("key.pem"),
            folder: folder
        )
        try await Command(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=\(issuer)",
            "-days",
            "2",
            "-keyout",
            signer.key.string,
            "-out",
            signer.certificate.string
        ).output()
        return signer
    }

    /// A token for `service` that allows `access` for an hour.
    func token(access: [(repository: String, actions: [String])]) async throws -> String {
        let grants = access.map { repository, actions in
            let list = actions.map { "\"\($0)\"" }.joined(separator: ",")
            return #"{"type":"repository","name":"\#(repository)","actions":[\#(list)]}"#
        }
        let now = time(nil)
        let claims =
            #"{"iss":"\#(Self.issuer)","sub":"team","aud":"\#(Self.service)","exp":\#(now + 3600),"nbf":\#(now - 60),"#
            + #""iat":\#(now),"jti":"1","access":[\#(grants.joined(separator: ","))]}"#
        let lines = String(decoding: try contents(ofFileAt: certificate), as: UTF8.self).split(separator: "\n")
        let der = lines.filter { !$0.hasPrefix("-----") }.joined()
        let header = #"{"typ":"JWT","alg":"RS256","x5c":["\#(der)"]}"#
        let message = "\(Self.base64URL(Array(header.utf8))).\(Self.base64URL(Array(claims.utf8)))"
        var sign = Command("openssl", "dgst", "-sha256", "-sign", key.string)
        sign.input = .bytes(Array(message.utf8))
        return "\(message).\(Self.base64URL(try await sign.run().standardOutput))"
    }

    /// - SeeAlso: RFC 4648, section 5.
    private static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        var bits = 0
        var value = 0
        for byte in bytes {
            value = (value << 8 | Int(byte)) & 0xffff
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[value >> bits & 0x3f])
            }
        }
        if bits > 0 { text.append(alphabet[value << (6 - bits) & 0x3f]) }
        return text
    }
}
