import Testing

@testable import Sandbox

@Suite("Control groups")
struct CgroupHierarchyTests {
    @Test("of version 2 there is one tree, and the own group is found below what is mounted")
    func unified() throws {
        let hierarchy = CgroupHierarchy(
            mounts: "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
            own: "0::/user.slice/user-1000.slice/user@1000.service/app.slice/shell.scope\n"
        )
        let tree = try #require(hierarchy.unified)
        #expect(hierarchy.byController.isEmpty)
        let folder = "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/shell.scope"
        #expect(tree.ownFolder == .init(folder))
    }

    @Test("in a container the mount's root is the group itself")
    func mountRoot() throws {
        let hierarchy = CgroupHierarchy(
            mounts: "30 23 0:26 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
            own: "0::/docker/abc/inner\n"
        )
        #expect(try #require(hierarchy.unified).ownFolder == "/sys/fs/cgroup/inner")
    }

    @Test("a group whose name only begins as the mount's root does is not below it")
    func besideTheMount() throws {
        let hierarchy = CgroupHierarchy(
            mounts: "30 23 0:26 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
            own: "0::/docker/abcdef/inner\n"
        )
        #expect(try #require(hierarchy.unified).ownFolder == "/sys/fs/cgroup")
    }

    @Test("blanks and backslashes in a mount's paths are found, which the kernel writes in octal digits")
    func escapes() throws {
        let hierarchy = CgroupHierarchy(
            mounts: #"30 23 0:26 /a\040b /srv/c\134d\011e rw - cgroup2 cgroup rw"# + "\n",
            own: "0::/a b/inner\n"
        )
        #expect(try #require(hierarchy.unified).ownFolder == .init("/srv/c\\d\te/inner"))
    }

    @Test("of version 1 each controller has its tree, also where two share one, and a hybrid's version 2 has none")
    func legacy() throws {
        let hierarchy = CgroupHierarchy(
            mounts: """
                31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw
                32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct
                33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
                34 31 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
                """,
            own: "3:cpu,cpuacct:/a\n2:memory:/\n1:name=systemd:/\n0::/\n"
        )
        #expect(hierarchy.unified == nil)
        #expect(hierarchy.byController["cpu"]?.ownFolder == "/sys/fs/cgroup/cpu,cpuacct/a")
        #expect(hierarchy.byController["cpuacct"]?.mountPoint == "/sys/fs/cgroup/cpu,cpuacct")
        #expect(hierarchy.byController["memory"]?.ownFolder == "/sys/fs/cgroup/memory")
        #expect(hierarchy.byController["pids"] == nil)
    }

    @Test("nonsense is no hierarchy")
    func nonsense() {
        let hierarchy = CgroupHierarchy(mounts: "a b c\n - \n", own: "::\n:\n")
        #expect(hierarchy.unified == nil)
        #expect(hierarchy.byController.isEmpty)
    }

    @Test("limits are written in version 2's form, and left out where they aren't set")
    func unifiedLimits() throws {
        let workshop = try Workshop()
        let folder = workshop.folder.appending("group")
        let files = ["memory.max", "memory.swap.max", "memory.low", "cpu.max", "cpu.weight", "pids.max", "cpuset.cpus"]
        try Workshop.shell(
            "mkdir \(folder); cd \(folder); for f in \(files.joined(separator: " ")); do echo max > $f; done"
        )
        var limits = ResourceLimits()
        limits.memory = 64 << 20
        limits.memoryAndSwap = 96 << 20
        limits.processors = 1.5
        limits.processorShares = 1024
        limits.processes = 50
        limits.processorSet = "0-1"
        try ContainerCgroup(folders: ["": folder]).apply(limits)
        func content(_ file: String) throws -> String { try workshop.contents(of: folder.appending(file)) }
        #expect(try content("memory.max").hasPrefix("67108864"))
        #expect(try content("memory.swap.max").hasPrefix("33554432"))
        #expect(try content("memory.low") == "max\n")
        #expect(try content("cpu.max").hasPrefix("150000 100000"))
        #expect(try content("cpu.weight").hasPrefix("39"))
        #expect(try content("pids.max").hasPrefix("50"))
        #expect(try content("cpuset.cpus").hasPrefix("0-1"))
        limits.memoryReservation = 1 << 20
        try Workshop.shell("rm \(folder)/memory.low")
        #expect(throws: SandboxError.limitNotPossible("memory reservation")) {
            try ContainerCgroup(folders: ["": folder]).apply(limits)
        }
    }
}
