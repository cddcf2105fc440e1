import Glibc
import ImageSpec
import Sandbox

/// What a container uses, as a line of a list.
struct StatisticsRow {
    static let headings = [
        "Container": "CONTAINER", "ID": "CONTAINER ID", "Name": "NAME", "CPUPerc": "CPU %",
        "MemUsage": "MEM USAGE / LIMIT", "MemPerc": "MEM %", "NetIO": "NET I/O", "BlockIO": "BLOCK I/O", "PIDs": "PIDS",
    ]

    let container: Container
    let statistics: CgroupStatistics
    /// Of one processor, over the time since the look before.
    let processorPercent: Double
    let traffic: (received: Int64, sent: Int64)

    private var limit: Int64 {
        statistics.memoryLimit ?? Int64(sysconf(Int32(_SC_PHYS_PAGES))) * Int64(sysconf(Int32(_SC_PAGESIZE)))
    }

    var id: String { container.id.short }
    var name: String { container.label }
    var processor: String { percent(processorPercent) }
    var memory: String { "\(binarySize(statistics.memory)) / \(binarySize(limit))" }
    var memoryPercent: String { percent(limit > 0 ? Double(statistics.memory) * 100 / Double(limit) : 0) }
    var network: String { "\(humanSize(traffic.received)) / \(humanSize(traffic.sent))" }
    var blocks: String { "\(humanSize(statistics.bytesRead)) / \(humanSize(statistics.bytesWritten))" }
    var processes: String { "\(statistics.processes)" }

    var fields: [String: JSONValue] {
        [
            "Container": .string(id), "ID": .string(id), "Name": .string(name), "CPUPerc": .string(processor),
            "MemUsage": .string(memory), "MemPerc": .string(memoryPercent), "NetIO": .string(network),
            "BlockIO": .string(blocks), "PIDs": .string(processes),
        ]
    }

    private func percent(_ number: Double) -> String {
        let hundredths = Int64((number * 100).rounded())
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)%"
    }

    /// In docker's form for memory: units of 1024, four digits.
    private func binarySize(_ bytes: Int64) -> String {
        var (number, unit) = (Double(bytes), 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        while number >= 1024, unit < units.count - 1 { (number, unit) = (number / 1024, unit + 1) }
        let factor: Double = number < 10 ? 1000 : number < 100 ? 100 : number < 1000 ? 10 : 1
        let rounded = (number * factor).rounded() / factor
        let text = "\(rounded)"
        return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + units[unit]
    }
}
