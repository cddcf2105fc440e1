import SystemPackage

/// Lets the host pass packets on between containers and the world.
enum Forwarding {
    static func enable(withIPv6: Bool) throws {
        try NetworkSetting.write("ipv4/ip_forward", "1")
        guard withIPv6, NetworkSetting.read("ipv6/conf/all/forwarding") != "1" else { return }
        // A host that forwards no longer listens to its own routers, unless it is told to go on.
        for interface in (try? names(in: FilePath("/proc/sys/net/ipv6/conf"))) ?? [] where interface != "all" {
            guard NetworkSetting.read("ipv6/conf/\(interface)/accept_ra") == "1" else { continue }
            try? NetworkSetting.write("ipv6/conf/\(interface)/accept_ra", "2")
        }
        try NetworkSetting.write("ipv6/conf/all/forwarding", "1")
    }
}
