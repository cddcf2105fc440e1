import Sandbox
import Testing

@Suite("Isolation as users write it")
struct IsolationParsingTests {
    @Test("capabilities are named in any form; what is added and dropped is added")
    func capabilities() throws {
        #expect(CapabilitySet.standard.bits == 0xa804_25fb)
        #expect(CapabilitySet.all.bits == (1 << 41) - 1)
        #expect(
            try CapabilitySet(adding: ["NET_ADMIN", "cap_sys_time"], dropping: ["chown"]).bits == 0xa804_25fb - 1
                + (1 << 12) + (1 << 25)
        )
        #expect(try CapabilitySet(adding: [], dropping: ["all"]).bits == 0)
        #expect(try CapabilitySet(adding: ["KILL"], dropping: ["ALL"]).bits == 1 << 5)
        #expect(try CapabilitySet(adding: ["ALL"], dropping: ["KILL"]).bits == CapabilitySet.all.bits - (1 << 5))
        #expect(try CapabilitySet(adding: ["MKNOD"], dropping: ["MKNOD"]) == .standard)
        #expect(throws: SandboxError.unknownCapability("FLY")) { try CapabilitySet(adding: ["FLY"], dropping: []) }
    }

    @Test("limits are docker's, and -1 is none")
    func limits() throws {
        let limit = try ResourceLimit("nofile=10:20")
        #expect(limit.resource == .nofile && limit.soft == 10 && limit.hard == 20)
        let core = try ResourceLimit("core=-1")
        #expect(core.soft == ResourceLimit.unlimited && core.hard == ResourceLimit.unlimited)
        for text in ["nofile", "nofile=", "nofile=x", "nofile=2:1", "nofile=-1:5", "wrong=1", "nofile=1:2:3", "cpu=-2"]
        {
            #expect(throws: SandboxError.invalidLimit(text)) { try ResourceLimit(text) }
        }
    }

    @Test("settings are those that a container has for itself, with dots or slashes")
    func settings() throws {
        for text in ["net.ipv4.ip_forward=1", "kernel.shmmax=1", "fs.mqueue.msg_max=5", "net/ipv4/conf/eth0.1/mtu=1"] {
            _ = try KernelSetting(text)
        }
        for text in ["kernel.panic=1", "vm.swappiness=1", "kernel=1", "fs.mqueue=1", "net=1", "user.max=1"] {
            #expect(throws: SandboxError.self) { try KernelSetting(text) }
        }
        for text in ["net.ipv4", "net..x=1", "net/../kernel/panic=1", "net.ipv4/../../kernel.panic=1", "=1"] {
            #expect(throws: SandboxError.self) { try KernelSetting(text) }
        }
    }

    @Test("devices have two places and what may be done with them")
    func devices() throws {
        let plain = try DeviceMapping("/dev/fuse")
        #expect(plain.path == "/dev/fuse" && plain.permissions == "rwm")
        let full = try DeviceMapping("/dev/sda:/dev/xvda:r")
        #expect(full.hostPath == "/dev/sda" && full.path == "/dev/xvda" && full.permissions == "r")
        #expect(try DeviceMapping("/dev/sda:rw").permissions == "rw")
        for text in ["", "dev/sda", "/dev/sda:x", "/dev/sda:/dev/b:rx", "/dev/sda:/dev/b:rr", "/dev/a:/../b", "/:/b"] {
            #expect(throws: SandboxError.invalidDevice(text)) { try DeviceMapping(text) }
        }
    }
}
