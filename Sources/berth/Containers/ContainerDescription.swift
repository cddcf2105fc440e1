import ImageSpec
import Sandbox

/// All that is known of a container, in the form of docker's `inspect`.
struct ContainerDescription {
    let json: JSONValue

    /// - Throws: ``SandboxError/damagedContainer(_:)``.
    init(_ container: Container) throws {
        let configuration = container.configuration
        let state = try container.state()
        let arguments = configuration.process.arguments
        json = .object([
            "Id": .string("\(container.id)"),
            "Name": .string("/\(configuration.name?.rawValue ?? "")"),
            "Created": Self.time(container.record.created),
            "Path": .string(arguments.first ?? ""),
            "Args": .array(arguments.dropFirst().map(JSONValue.string)),
            "Image": .string(configuration.imageID),
            "RestartCount": .integer(Int64(state.restarts)),
            "Driver": .string("overlay2"),
            "Platform": .string("linux"),
            "LogPath": .string(container.folder.appending("log").string),
            "State": .object(Self.state(state)),
            "Config": .object(Self.configuration(container)),
            "HostConfig": .object(Self.hostConfiguration(configuration)),
            "Mounts": .array(configuration.mounts.mounts.map { Self.mount($0, of: container) }),
            "NetworkSettings": Self.network(state.network, mode: configuration.network.mode),
            "GraphDriver": .object([
                "Name": .string("overlay2"),
                "Data": .object([
                    "LowerDir": .string(configuration.layers.reversed().map(\.string).joined(separator: ":")),
                    "UpperDir": .string(container.folder.appending("upper").string),
                    "WorkDir": .string(container.folder.appending("work").string),
                ]),
            ]),
        ])
    }

    private static func time(_ nanoseconds: Int64?) -> JSONValue {
        guard let nanoseconds else { return .string("0001-01-01T00:00:00Z") }
        let fraction = String(nanoseconds % 1_000_000_000 + 1_000_000_000).dropFirst()
        return .string("\(Timestamp(nanoseconds: nanoseconds).rfc3339.dropLast()).\(fraction)Z")
    }

    private static func health(_ health: HealthState) -> JSONValue {
        .object([
            "Status": .string(health.status.rawValue),
            "FailingStreak": .integer(Int64(health.failuresInARow)),
            "Log": .array(
                health.looks.map { look in
                    .object([
                        "Start": time(look.start), "End": time(look.end),
                        "ExitCode": .integer(Int64(look.exitStatus)), "Output": .string(look.output),
                    ])
                }
            ),
        ])
    }

    private static func state(_ state: ContainerState) -> [String: JSONValue] {
        var fields: [String: JSONValue] = [
            "Status": .string(state.status.rawValue),
            "Running": .bool(state.status == .running || state.status == .paused),
            "Paused": .bool(state.status == .paused),
            "Restarting": .bool(state.status == .restarting),
            "Dead": .bool(false),
            "OOMKilled": .bool(state.isOutOfMemory),
            "Pid": .integer(Int64(state.process ?? 0)),
            "ExitCode": .integer(Int64(state.exitStatus ?? 0)),
            "Error": .string(state.error ?? ""),
            "StartedAt": time(state.started),
            "FinishedAt": time(state.finished),
        ]
        fields["Health"] = state.health.map(health)
        return fields
    }

    private static func configuration(_ container: Container) -> [String: JSONValue] {
        let configuration = container.configuration
        return [
            "Hostname": .string("\(container.hostname)"),
            "User": .string("\(configuration.process.user)"),
            "Tty": .bool(configuration.process.hasTerminal),
            "OpenStdin": .bool(configuration.input.isOpen),
            "StdinOnce": .bool(configuration.input.endsWithClient),
            "Env": .array(configuration.process.environment.map(JSONValue.string)),
            "Cmd": .array(configuration.process.arguments.map(JSONValue.string)),
            "Image": .string(configuration.image),
            "WorkingDir": .string(configuration.process.workingDirectory),
            "Labels": .object(configuration.labels.mapValues(JSONValue.string)),
            "StopSignal": .string("\(configuration.stop.signal)"),
            "StopTimeout": .integer(Int64(configuration.stop.timeout)),
        ]
    }

    private static func hostConfiguration(_ configuration: ContainerConfiguration) -> [String: JSONValue] {
        let restart = "\(configuration.restart)".split(separator: ":")
        let resources = configuration.resources
        let isolation = isolation(configuration.isolation)
        return isolation.merging([
            "ReadonlyRootfs": .bool(configuration.mounts.hasReadOnlyRoot),
            "ShmSize": .integer(Int64(configuration.mounts.sharedMemorySize)),
            "Memory": .integer(resources.memory ?? 0),
            "MemorySwap": .integer(resources.memoryAndSwap ?? (resources.memory ?? 0) * 2),
            "MemoryReservation": .integer(resources.memoryReservation ?? 0),
            "NanoCpus": .integer(Int64((resources.processors ?? 0) * 1e9)),
            "CpuQuota": .integer(resources.processorQuota ?? 0),
            "CpuPeriod": .integer(resources.processorPeriod ?? 0),
            "MemorySwappiness": resources.swappiness.map(JSONValue.integer) ?? .null,
            "OomKillDisable": resources.waitsForMemory.map(JSONValue.bool) ?? .null,
            "CpuShares": .integer(resources.processorShares ?? 0),
            "CpusetCpus": .string(resources.processorSet ?? ""),
            "CpusetMems": .string(resources.memoryNodes ?? ""),
            "PidsLimit": resources.processes.map(JSONValue.integer) ?? .null,
            "Runtime": .string(configuration.runtime?.name ?? RuntimeProgram.ownName),
            "NetworkMode": .string("\(configuration.network.mode)"),
            "AutoRemove": .bool(configuration.isRemovedWhenStopped),
            "RestartPolicy": .object([
                "Name": .string(String(restart[0])),
                "MaximumRetryCount": .integer(restart.count == 2 ? Int64(restart[1]) ?? 0 : 0),
            ]),
            "LogConfig": .object([
                "Type": .string(configuration.log.isKept ? "local" : "none"),
                "Config": .object([
                    "max-size": .string("\(configuration.log.maximumFileSize)"),
                    "max-file": .string("\(configuration.log.maximumFiles)"),
                ]),
            ]),
        ]) { _, new in new }
    }
}
