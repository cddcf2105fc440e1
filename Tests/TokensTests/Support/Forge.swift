import Crypto
import Foundation
import ImageSpec

/// Writes tokens, honest ones and others, without any of the code under test.
enum Forge {
    static func token(
        header: [String: JSONValue],
        payload: [String: JSONValue],
        sign: ([UInt8]) throws -> [UInt8]
    ) throws -> String {
        try token(
            header: JSONValue.object(header).compactText,
            payload: JSONValue.object(payload).compactText,
            sign: sign
        )
    }

    static func token(header: [UInt8], payload: [UInt8], sign: ([UInt8]) throws -> [UInt8]) throws -> String {
        let signed = "\(base64URL(header)).\(base64URL(payload))"
        return "\(signed).\(base64URL(try sign(Array(signed.utf8))))"
    }

    static func base64URL(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The JSON object in a token's part: 0 is the header, 1 the payload.
    static func part(_ index: Int, of token: String) throws -> [String: JSONValue] {
        let part = String(token.split(separator: ".")[index]).replacing("-", with: "+").replacing("_", with: "/")
        let padded = part + String(repeating: "=", count: (4 - part.count % 4) % 4)
        let bytes = Array(Data(base64Encoded: padded) ?? Data())
        guard case .object(let members) = try JSONValue(parsing: bytes) else { return [:] }
        return members
    }

    static func signature(by key: P256.Signing.PrivateKey) -> ([UInt8]) throws -> [UInt8] {
        { Array(try key.signature(for: $0).rawRepresentation) }
    }

    /// A key as providers publish it.
    static func published(_ key: P256.Signing.PrivateKey, id: String) -> JSONValue {
        let point = Array(key.publicKey.rawRepresentation)
        return .object([
            "kty": .string("EC"), "crv": .string("P-256"), "alg": .string("ES256"), "use": .string("sig"),
            "kid": .string(id), "x": .string(base64URL(point.prefix(32))), "y": .string(base64URL(point.suffix(32))),
        ])
    }

    static func keySet(_ keys: [JSONValue]) -> [UInt8] { JSONValue.object(["keys": .array(keys)]).compactText }
}
