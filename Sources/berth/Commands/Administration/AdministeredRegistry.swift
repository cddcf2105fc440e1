import ArgumentParser
import ImageSpec
import RegistryClient

/// The berthd whose accounts and rules a command is about.
struct AdministeredRegistry: ParsableArguments {
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Argument(help: ArgumentHelp("Which registry; it should be a berthd.", valueName: "host[:port]"))
    var registry: String

    /// Asks it for something.
    func get(
        _ path: String,
        _ fields: [(name: String, value: String)] = [],
        by berth: BerthCommand
    ) async throws -> JSONValue {
        try await call("GET", path, fields, by: berth)
    }

    /// Has it change something.
    ///
    /// - Returns: what it says; null when it says nothing.
    @discardableResult
    func call(
        _ method: String,
        _ path: String,
        _ fields: [(name: String, value: String)] = [],
        _ body: [String: JSONValue?]? = nil,
        by berth: BerthCommand
    ) async throws -> JSONValue {
        let client = try await berth.client(for: LoginTarget.host(registry))
        let answer = try await client.administer(
            path,
            fields,
            method: .init(rawValue: method),
            body: body.map { .object($0.compactMapValues { $0 }) }
        )
        return answer.isEmpty ? .null : try JSONValue(parsing: answer)
    }

    /// A part of a path: names hold nothing that means something there, or the registry will say so.
    static func part(_ name: String) -> String {
        name.utf8.map { byte in
            let isPlain =
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-._~+@".utf8.contains(byte)
                }
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
