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

    /// Prints a list that it has.
    ///
    /// - Parameter columns: what stands above each, and the member of an entry that stands in it.
    func list(
        _ path: String,
        _ fields: [(name: String, value: String)] = [],
        as format: OutputFormat,
        _ columns: [(heading: String, member: String)],
        by berth: BerthCommand
    ) async throws {
        let answer = try await get(path, fields, by: berth)
        guard case .array(let entries) = answer else { throw AdministrationAnswerInvalid() }
        switch format {
        case .json:
            Terminal.print(String(decoding: answer.compactText, as: UTF8.self))
        case .text:
            var table = Table(columns: columns.map(\.heading))
            for entry in entries { table.add(columns.map { entry.cell($0.member) }) }
            Terminal.print(table.description.harmless)
        }
    }

    /// Changes what is named of a person's account.
    func changeUser(_ name: String, _ change: [String: JSONValue?], by berth: BerthCommand) async throws {
        try await call("PATCH", "users/\(Self.part(name))", [], change, by: berth)
    }

    /// A part of a path: names hold nothing that means something there, or the registry will say so.
    static func part(_ name: String) -> String { PercentEncoding.encoded(name) }
}
