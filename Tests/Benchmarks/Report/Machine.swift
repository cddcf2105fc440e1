import Foundation

/// Where the numbers were taken: they mean little elsewhere.
struct Machine: Encodable {
    let processor: String
    let cores: Int
    let memory: Int
    let kernel: String

    static var this: Machine {
        let processors = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)
        let model = processors?.split(separator: "\n").first { $0.hasPrefix("model name") }
        let kernel = try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)
        return Machine(
            processor: model?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown",
            cores: ProcessInfo.processInfo.activeProcessorCount,
            memory: Int(ProcessInfo.processInfo.physicalMemory),
            kernel: kernel?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown"
        )
    }
}
