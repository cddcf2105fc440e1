import ArgumentParser
import Glibc
import Sandbox

/// Which of the host's namespaces a container has, as docker's flags say it.
struct NamespaceOptions: ParsableArguments {
    @Option(help: ArgumentHelp("private, which is what all containers have.", valueName: "mode"))
    var pid: String?

    @Option(
        help: ArgumentHelp("host for the host's shared memory; private, or shareable, for its own.", valueName: "mode")
    )
    var ipc: String?

    @Option(help: ArgumentHelp("host for the host's own name.", valueName: "mode"))
    var uts: String?

    @Option(help: ArgumentHelp("host, which is what root's containers have.", valueName: "mode"))
    var userns: String?

    @Option(help: ArgumentHelp("private, which is what all containers have.", valueName: "mode"))
    var cgroupns: String?
}

extension NamespaceOptions {
    /// - Throws: ``ContainerOptionError``.
    var hostNamespaces: Set<HostNamespace> {
        get throws {
            let chosen: [(HostNamespace?, option: String, value: String?, own: Set<String>, possible: String)] = [
                (nil, "--pid", pid, ["private"], "private: the host's processes are not for a container to see"),
                (.memory, "--ipc", ipc, ["private", "shareable"], "host, private or shareable"),
                (.names, "--uts", uts, [], "host"),
                (nil, "--userns", userns, ["host"], "host"),
                (nil, "--cgroupns", cgroupns, ["private"], "private"),
            ]
            var namespaces: Set<HostNamespace> = []
            for (namespace, option, value, own, possible) in chosen {
                guard let value, !value.isEmpty, !own.contains(value) else { continue }
                guard value == "host", let namespace else {
                    throw ContainerOptionError.outOfRange(option: option, value: value, range: possible)
                }
                // An ordinary user's container has a user namespace, from which the host's others can't be used.
                guard geteuid() == 0 else { throw ContainerOptionError.hostNamespaceOfUser("\(option) host") }
                namespaces.insert(namespace)
            }
            return namespaces
        }
    }
}
