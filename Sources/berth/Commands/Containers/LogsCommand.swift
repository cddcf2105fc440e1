import ArgumentParser
import Glibc
import ImageSpec
import Sandbox
import SystemPackage

/// `berth logs`.
struct LogsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Shows what a container has written.",
        discussion: """
            What it wrote to its standard error comes at this program's.

            Examples:
              berth logs -f --tail 20 web
              berth logs --since 10m --timestamps web
            """
    )

    /// In microseconds: how soon to look for more.
    private static let pause: UInt32 = 50_000

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Go on showing what it writes, until it ends.")
    var follow = false

    @Option(help: ArgumentHelp("Only what came later: a time, or such as 10m before now.", valueName: "time"))
    var since: String?

    @Option(help: ArgumentHelp("Only what came earlier.", valueName: "time"))
    var until: String?

    @Option(
        name: .joinable("n"),
        help: ArgumentHelp("Only so many of the last lines; or all.", valueName: "number")
    )
    var tail = "all"

    @Flag(name: .shortAndLong, help: "Show when each line came.")
    var timestamps = false

    @Flag(help: "Show no more than the lines, which is what is always done.")
    var details = false

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    func run() throws {
        let store = try berth.openContainers(location)
        let container = try store.find(container)
        let moments = (since: try since.map { try LogMoment($0) }, until: try until.map { try LogMoment($0) })
        let reader = container.log
        var lines = LogTail(limit: try tailLimit)
        func isWanted(_ line: LogLine) -> Bool {
            line.time >= moments.since?.nanoseconds ?? .min && line.time <= moments.until?.nanoseconds ?? .max
        }
        var printer = LogPrinter(hasTimes: timestamps)
        while case let next = try reader.next(), !next.isEmpty {
            let wanted = next.filter(isWanted)
            guard lines.limit == nil else {
                lines.append(wanted)
                continue
            }
            guard printer.print(wanted) else { return }
        }
        guard printer.print(lines.lines) else { return }
        while follow {
            // Asked before the look: what it writes last is written before it ends.
            let goesOn = try container.isMonitored
            let next = try reader.next()
            guard printer.print(next.filter(isWanted)) else { return }
            if let until = moments.until, Int64(time(nil)) * 1_000_000_000 > until.nanoseconds { return }
            guard next.isEmpty else { continue }
            guard goesOn else { return }
            usleep(Self.pause)
        }
    }

    private var tailLimit: Int? {
        get throws {
            if tail == "all" { return nil }
            guard let number = Int(tail) else { throw ValidationError("--tail is a number, or all") }
            return number < 0 ? nil : number
        }
    }
}
