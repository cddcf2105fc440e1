import ArgumentParser
import ImageSpec

/// What the commands take and do that show all that is known of something.
struct InspectOptions: ParsableArguments {
    @OptionGroup var location: StoreLocation

    @Option(name: .shortAndLong, help: ArgumentHelp("How to print: 'json' or a template.", valueName: "format"))
    var format: String?

    /// Prints what `find` finds, and then fails when there is something that it doesn't.
    func show(_ names: [String], _ find: (String) throws -> JSONValue) throws {
        let template = try format.flatMap { $0 == "json" ? nil : try Template($0) }
        var found: [JSONValue] = []
        var failures: [any Error] = []
        for name in names {
            do {
                found.append(try find(name))
            } catch {
                failures.append(error)
            }
        }
        if let template {
            for value in found { Terminal.print(try template.render(value)) }
        } else if format != nil {
            Terminal.print(String(decoding: JSONValue.array(found).compactText, as: UTF8.self))
        } else {
            Terminal.print(JSONValue.array(found).prettyText)
        }
        guard let last = failures.popLast() else { return }
        for failure in failures { Failure(failure).report() }
        throw last
    }
}
