import ImageSpec
import Sandbox

extension ContainerDescription {
    /// As docker's `NetworkSettings`, whose names for a part of these are of a time when there was one network.
    static func network(_ state: NetworkState?, mode: NetworkMode) -> JSONValue {
        let endpoint: [String: JSONValue] = [
            "IPAddress": text(state?.address),
            "IPPrefixLen": .integer(Int64(state?.prefixLength ?? 0)),
            "Gateway": text(state?.gateway),
            "GlobalIPv6Address": text(state?.address6),
            "GlobalIPv6PrefixLen": .integer(Int64(state?.prefixLength6 ?? 0)),
            "IPv6Gateway": text(state?.gateway6),
            "MacAddress": .string(state?.macAddress.map { "\($0)" } ?? ""),
        ]
        var settings = endpoint
        settings["Ports"] = .object(
            Dictionary(grouping: state?.ports ?? []) { "\($0.target)" }.mapValues { ports in
                .array(
                    ports.map {
                        .object([
                            "HostIp": .string("\($0.hostAddress)"), "HostPort": .string("\($0.hostPort)"),
                        ])
                    }
                )
            }
        )
        var networks: [String: JSONValue] = [:]
        if case .container = mode {} else { networks["\(mode)"] = .object(endpoint) }
        settings["Networks"] = .object(networks)
        return .object(settings)
    }

    private static func text(_ address: IPAddress?) -> JSONValue { .string(address.map { "\($0)" } ?? "") }
}
