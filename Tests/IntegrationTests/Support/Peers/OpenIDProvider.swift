import Crypto
import Foundation
import ImageSpec
import Synchronization

/// An identity provider on this machine, as a CI system has one: it publishes its keys, and signs tokens.
final class OpenIDProvider: Sendable {
    enum Behaviour: Sendable {
        case honest
        case answers(ScriptedAnswer)
    }

    private struct State {
        var key: (id: String, key: P256.Signing.PrivateKey) = ("k1", P256.Signing.PrivateKey())
        var behaviour = Behaviour.honest
        var address = ""
    }

    static let audience = "berth.test"

    private let state = Mutex(State())

    /// Its issuer, and where it is.
    var address: String { state.withLock { $0.address } }

    static func use(_ body: @Sendable (OpenIDProvider, ScriptedRegistry) async throws -> Void) async throws {
        let provider = OpenIDProvider()
        try await ScriptedRegistry.use {
            provider.answer($0)
        } _: { server in
            provider.state.withLock { $0.address = "http://\(server.host)" }
            try await body(provider, server)
        }
    }

    func rotate(to id: String) { state.withLock { $0.key = (id, P256.Signing.PrivateKey()) } }

    func behave(_ behaviour: Behaviour) { state.withLock { $0.behaviour = behaviour } }

    func token(_ claims: [String: JSONValue], keyID: String? = nil) throws -> String {
        let (id, key) = state.withLock { $0.key }
        let now = Int64(Date().timeIntervalSince1970)
        let usual: [String: JSONValue] = [
            "iss": .string(address), "aud": .string(Self.audience), "sub": .string("repo:team/app"),
            "iat": .integer(now), "exp": .integer(now + 600),
        ]
        let header = JSONValue.object(["alg": .string("ES256"), "kid": .string(keyID ?? id)])
        let payload = JSONValue.object(usual.merging(claims) { $1 })
        let signed = "\(Self.base64URL(header.compactText)).\(Self.base64URL(payload.compactText))"
        return try "\(signed).\(Self.base64URL(key.signature(for: Data(signed.utf8)).rawRepresentation))"
    }

    /// The JSON object in a token's part: 0 is the header, 1 the payload.
    static func part(_ index: Int, of token: String) throws -> JSONValue {
        let text = String(token.split(separator: ".")[index]).replacing("-", with: "+").replacing("_", with: "/")
        let padded = text + String(repeating: "=", count: (4 - text.count % 4) % 4)
        return try JSONValue(parsing: Array(Data(base64Encoded: padded) ?? Data()))
    }

    private func answer(_ request: ScriptedRequest) -> ScriptedAnswer {
        let now = state.withLock { $0 }
        let (address, id, key) = (now.address, now.key.id, now.key.key)
        if case .answers(let answer) = now.behaviour { return answer }
        switch request.uri {
        case "/.well-known/openid-configuration":
            return ScriptedAnswer(body: Array(#"{"issuer":"\#(address)","jwks_uri":"\#(address)/jwks"}"#.utf8))
        case "/jwks":
            let point = key.publicKey.rawRepresentation
            let published = JSONValue.object([
                "kty": .string("EC"), "crv": .string("P-256"), "kid": .string(id), "use": .string("sig"),
                "x": .string(Self.base64URL(point.prefix(32))), "y": .string(Self.base64URL(point.suffix(32))),
            ])
            return ScriptedAnswer(body: JSONValue.object(["keys": .array([published])]).compactText)
        default:
            return .status(.notFound)
        }
    }

    private static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
