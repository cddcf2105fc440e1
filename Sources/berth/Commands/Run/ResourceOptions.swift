import ArgumentParser
import Glibc
import Sandbox

/// How much of the machine a container may use, as docker's flags say it.
struct ResourceOptions: ParsableArguments {
    @Option(name: .joinable("m"), help: ArgumentHelp("Memory at most, 6m at least.", valueName: "bytes[k|m|g]"))
    var memory: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Memory and swap together; -1 for all swap there is.", valueName: "bytes[k|m|g]")
    )
    var memorySwap: String?

    @Option(help: ArgumentHelp("What it keeps when memory is short.", valueName: "bytes[k|m|g]"))
    var memoryReservation: String?

    @Option(help: ArgumentHelp("Processors' worth of time, such as 1.5.", valueName: "number"))
    var cpus: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How long it may run in each period, 1000 at least; -1 for no limit.",
            valueName: "microseconds"
        )
    )
    var cpuQuota: Int64?

    @Option(help: ArgumentHelp("How long a period is, 1000 to 1000000; by default 100000.", valueName: "microseconds"))
    var cpuPeriod: Int64?

    @Option(name: .joinable("c"), help: ArgumentHelp("Its share; 1024 is usual.", valueName: "number"))
    var cpuShares: Int64?

    @Option(help: ArgumentHelp("Which processors, such as 0-2,4.", valueName: "list"))
    var cpusetCpus: String?

    @Option(help: ArgumentHelp("Which memory nodes.", valueName: "list"))
    var cpusetMems: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Processes and threads at most; -1 for no limit.", valueName: "number")
    )
    var pidsLimit: Int64?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "How readily its memory is swapped out, 0 to 100; -1 for what is usual.",
            valueName: "number"
        )
    )
    var memorySwappiness: Int64?

    @Flag(help: "Let a process that finds no memory wait for some, and kill none.")
    var oomKillDisable = false

    /// - Throws: ``ContainerOptionError``.
    var limits: ResourceLimits {
        get throws {
            var limits = ResourceLimits()
            limits.memory = try memory.map { try size($0, "--memory") }
            guard limits.memory ?? .max >= 6 << 20 else { throw ContainerOptionError.tooLittleMemory }
            limits.memoryAndSwap = try memorySwap.map { $0 == "-1" ? -1 : try size($0, "--memory-swap") }
            if let total = limits.memoryAndSwap {
                guard let memory = limits.memory, total < 0 || total >= memory else {
                    throw ContainerOptionError.invalidLimit("--memory-swap", memorySwap ?? "")
                }
            }
            limits.memoryReservation = try memoryReservation.map { try size($0, "--memory-reservation") }
            if let reservation = limits.memoryReservation, reservation > limits.memory ?? .max {
                throw ContainerOptionError.invalidLimit("--memory-reservation", memoryReservation ?? "")
            }
            if let cpus {
                guard let number = Double(cpus) else { throw ContainerOptionError.invalidLimit("--cpus", cpus) }
                let available = sysconf(Int32(_SC_NPROCESSORS_CONF))
                guard number == 0 || (number >= 0.01 && number <= Double(max(available, 1))) else {
                    throw ContainerOptionError.outOfRange(
                        option: "--cpus",
                        value: cpus,
                        range: "0.01 to \(available), as many as this machine has"
                    )
                }
                // As with the other limits, none at all is no limit.
                limits.processors = number == 0 ? nil : number
            }
            limits.processorQuota = try quota
            limits.processorPeriod = try cpuPeriod.flatMap { period in
                period == 0 ? nil : try ContainerOptionError.checked(period, "--cpu-period", in: 1000...1_000_000)
            }
            if limits.processors != nil, limits.processorQuota != nil || limits.processorPeriod != nil {
                let other = limits.processorQuota == nil ? "--cpu-period" : "--cpu-quota"
                throw ContainerOptionError.conflicting("--cpus", other)
            }
            limits.processorShares = cpuShares.flatMap { $0 == 0 ? nil : $0 }
            limits.processorSet = try set(cpusetCpus, "--cpuset-cpus", of: .processors)
            limits.memoryNodes = try set(cpusetMems, "--cpuset-mems", of: .memoryNodes)
            limits.processes = pidsLimit.flatMap { $0 == 0 ? nil : $0 }
            limits.swappiness = try memorySwappiness.flatMap { swappiness in
                swappiness == -1
                    ? nil : try ContainerOptionError.checked(swappiness, "--memory-swappiness", in: 0...100)
            }
            limits.waitsForMemory = oomKillDisable ? true : nil
            return limits
        }
    }

    /// As with the other limits, 0 is what is usual.
    private var quota: Int64? {
        get throws {
            guard let cpuQuota, cpuQuota != 0 else { return nil }
            guard cpuQuota < 0 || cpuQuota >= 1000 else {
                throw ContainerOptionError.outOfRange(
                    option: "--cpu-quota",
                    value: "\(cpuQuota)",
                    range: "1000 at least"
                )
            }
            return max(cpuQuota, -1)
        }
    }

    /// An empty list means all that there are.
    private func set(
        _ text: String?,
        _ option: String,
        of available: NumberSet?
    ) throws(ContainerOptionError) -> String? {
        guard let text, !text.isEmpty else { return nil }
        guard let wanted = NumberSet(text) else { throw .invalidNumberSet(option: option, value: text) }
        guard available?.contains(wanted) ?? true else {
            throw .notAvailable(option: option, value: text, available: available.map { "\($0)" } ?? "")
        }
        return text
    }

    private func size(_ text: String, _ option: String) throws(ContainerOptionError) -> Int64 {
        guard let size = ByteSize(text) else { throw .invalidLimit(option, text) }
        return Int64(size.bytes)
    }
}

extension ResourceLimits {
    /// The options of those limits that control groups of version 1 only know.
    var legacyOptions: [String] {
        (swappiness == nil ? [] : ["--memory-swappiness"]) + (waitsForMemory == nil ? [] : ["--oom-kill-disable"])
    }
}
