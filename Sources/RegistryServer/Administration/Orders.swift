import Foundation
import Hummingbird
import NIOCore

/// Reads what requests ask for.
enum Orders {
    /// In bytes.
    private static let maximumSize = 64 << 10

    /// - Throws: ``WireError`` for a body that isn't one.
    static func read<Order: AdministrationOrder>(_ type: Order.Type, from request: Request) async throws -> Order {
        // Only a program sends this type: a page in somebody's browser can't without asking.
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") == true else {
            throw WireError(
                .unsupportedMediaType,
                .unsupported,
                "the body should be of the type application/json"
            )
        }
        guard let bytes = try await ReceivedBody(request).collect(upTo: maximumSize, claiming: { _ in }) else {
            throw WireError(.contentTooLarge, .sizeInvalid, "the body has more than \(maximumSize) bytes")
        }
        do {
            return try JSONDecoder().decode(Strict<Order>.self, from: Data(bytes)).order
        } catch let error as UnknownKey {
            throw WireError(.badRequest, .unsupported, "'\(error.name)' is nothing that this endpoint takes")
        } catch let error as DecodingError {
            throw WireError(.badRequest, .unsupported, "the body isn't what this endpoint takes: \(text(of: error))")
        }
    }

    /// What is wrong where, without what stands there: it may be a password.
    private static func text(of error: DecodingError) -> String {
        switch error {
        case .keyNotFound(let key, _): "'\(key.stringValue)' is missing"
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            "'\(context.codingPath.map(\.stringValue).joined(separator: "."))' is of another type"
        default: "it isn't JSON, or not of that form"
        }
    }

    private struct Strict<Order: AdministrationOrder>: Decodable {
        let order: Order

        init(from decoder: any Decoder) throws {
            let keys = try decoder.container(keyedBy: AnyKey.self).allKeys
            let known = Set(Order.CodingKeys.allCases.map(\.stringValue))
            if let other = keys.first(where: { !known.contains($0.stringValue) }) {
                throw UnknownKey(name: String(other.stringValue.prefix(64)))
            }
            order = try Order(from: decoder)
        }
    }

    private struct UnknownKey: Error {
        let name: String
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
