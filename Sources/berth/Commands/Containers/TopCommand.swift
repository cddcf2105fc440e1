import ArgumentParser
import Glibc
import Sandbox

/// `berth top`.
struct TopCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Lists the processes that run in a container.",
        discussion: """
            PID and PPID are the host's numbers. With options, what this host's ps(1) prints with them.

            Example: berth top web
            Example: berth top web -o pid,rss,args
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Argument(help: ArgumentHelp("A name, or the beginning of an ID.", valueName: "container"), completion: .containers)
    var container: String

    @Argument(parsing: .captureForPassthrough, help: ArgumentHelp("As ps(1) takes them.", valueName: "options"))
    var options: [String] = []

    func run() throws {
        let processes = try berth.openContainers(location).find(container).processes()
        guard options.isEmpty else {
            let list = try HostProcessList(options, of: Set(processes.map { Int32($0.identifier) }))
            var table = Table(columns: list.columns)
            for row in list.rows { table.add(row) }
            return Terminal.print(table.description.harmless)
        }
        var table = Table(columns: ["UID", "PID", "PPID", "STIME", "TIME", "CMD"])
        for process in processes {
            table.add([
                user(process.user), "\(process.identifier)", "\(process.parent)", clock(process.started),
                duration(process.processorTime), process.command,
            ])
        }
        Terminal.print(table.description.harmless)
    }

    private func user(_ number: uid_t) -> String {
        getpwuid(number).map { String(cString: $0.pointee.pw_name) } ?? "\(number)"
    }

    private func clock(_ seconds: Int64) -> String {
        var time = time_t(seconds)
        var parts = tm()
        localtime_r(&time, &parts)
        return twoDigits(Int64(parts.tm_hour)) + ":" + twoDigits(Int64(parts.tm_min))
    }

    private func duration(_ seconds: Int64) -> String {
        "\(twoDigits(seconds / 3600)):\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
    }

    private func twoDigits(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
