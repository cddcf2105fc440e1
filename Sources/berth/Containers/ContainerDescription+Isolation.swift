import ImageSpec
import Sandbox

extension ContainerDescription {
    /// As docker has it in `HostConfig`.
    static func isolation(_ isolation: IsolationConfiguration) -> [String: JSONValue] {
        let (standard, chosen) = (CapabilitySet.standard, isolation.capabilities)
        let added = isolation.isPrivileged ? [] : chosen.capabilities.filter { !standard.contains($0) }
        let dropped = standard.capabilities.filter { !chosen.contains($0) }
        return [
            "Privileged": .bool(isolation.isPrivileged),
            "CapAdd": .array(added.map { .string($0.name) }),
            "CapDrop": .array(dropped.map { .string($0.name) }),
            "SecurityOpt": .array(isolation.securityOptions.map(JSONValue.string)),
            "GroupAdd": .array(isolation.groups.map(JSONValue.string)),
            "OomScoreAdj": .integer(Int64(isolation.outOfMemoryScore ?? 0)),
            "Init": .bool(isolation.hasReaper),
            "PidMode": .string(""),
            "IpcMode": mode(.memory, of: isolation, own: "private"),
            "UTSMode": mode(.names, of: isolation),
            "Sysctls": .object(
                Dictionary(
                    isolation.settings.map { ($0.name, .string($0.value)) },
                    uniquingKeysWith: { _, last in last }
                )
            ),
            "Ulimits": .array(
                isolation.limits.map { limit in
                    .object([
                        "Name": .string(limit.resource.rawValue), "Soft": number(limit.soft),
                        "Hard": number(limit.hard),
                    ])
                }
            ),
            "Devices": .array(
                isolation.devices.map { device in
                    .object([
                        "PathOnHost": .string(device.hostPath), "PathInContainer": .string(device.path),
                        "CgroupPermissions": .string(device.permissions),
                    ])
                }
            ),
        ]
    }

    private static func mode(
        _ namespace: HostNamespace,
        of isolation: IsolationConfiguration,
        own: String = ""
    ) -> JSONValue {
        .string(isolation.hostNamespaces.contains(namespace) ? "host" : own)
    }

    /// As docker has it in `Mounts`.
    static func mount(_ mount: Mount, of container: Container) -> JSONValue {
        var fields: [String: JSONValue] = [
            "Destination": .string(mount.target), "Mode": .string(mount.isReadOnly ? "ro" : ""),
            "RW": .bool(!mount.isReadOnly), "Propagation": .string(""),
        ]
        switch mount.source {
        case .bind(let path):
            fields["Type"] = .string("bind")
            fields["Source"] = .string(path)
            fields["Propagation"] = .string((mount.isRecursive ? "r" : "") + mount.propagation.rawValue)
        case .volume(let name, _):
            fields["Type"] = .string("volume")
            fields["Name"] = .string("\(name)")
            fields["Driver"] = .string("local")
            let volume = try? VolumeStore(root: container.store.root).find(name)
            fields["Source"] = .string(volume?.folder.string ?? "")
        case .memory:
            fields["Type"] = .string("tmpfs")
            fields["Source"] = .string("")
        }
        return .object(fields)
    }

    /// docker has -1 for no limit.
    private static func number(_ limit: UInt64) -> JSONValue {
        .integer(limit == ResourceLimit.unlimited ? -1 : Int64(clamping: limit))
    }
}
