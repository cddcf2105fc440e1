import Foundation
import Seccomp
import Testing

@Suite("Seccomp profiles in files", .enabled(if: SeccompHost.current.architecture == "amd64"))
struct ProfileFileTests {
    private func profile(_ text: String) throws -> SeccompProfile {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(text.utf8).write(to: file)
        return try SeccompProfile(contentsOf: file.path)
    }

    private func machine(_ text: String, capabilities: Set<String> = []) throws -> FilterMachine {
        FilterMachine(try SeccompFilter(profile(text), capabilities: capabilities).instructions)
    }

    @Test("docker's form is followed: names, arguments, errors, includes and excludes")
    func form() throws {
        let text = """
            {"defaultAction": "SCMP_ACT_ALLOW", "archMap": [{"architecture": "SCMP_ARCH_X86_64"}], "syscalls": [
            {"name": "mkdir", "action": "SCMP_ACT_ERRNO"},
            {"names": ["chmod", "no_such_call"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13},
            {"names": ["socket"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 16, "op": "SCMP_CMP_EQ"}]},
            {"names": ["reboot"], "action": "SCMP_ACT_KILL_PROCESS", "excludes": {"caps": ["CAP_SYS_BOOT"]}},
            {"names": ["rmdir"], "action": "SCMP_ACT_ERRNO", "includes": {"minKernel": "99.0"}},
            {"names": ["unlink"], "action": "SCMP_ACT_ERRNO", "includes": {"arches": ["arm64"]}}]}
            """
        let machine = try machine(text)
        #expect(machine.verdict(83) == .refused(1))
        #expect(machine.verdict(90) == .refused(13))
        #expect(machine.verdict(41, 16) == .refused(1))
        #expect(machine.verdict(41, 2) == .allowed)
        #expect(machine.verdict(169) == .other(0x8000_0000))
        #expect(try self.machine(text, capabilities: ["CAP_SYS_BOOT"]).verdict(169) == .allowed)
        #expect(machine.verdict(84) == .allowed)
        #expect(machine.verdict(87) == .allowed)
    }

    @Test("several conditions on one argument are alternatives, on several are all to hold")
    func conditions() throws {
        let one = try machine(
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["personality"], "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": 1, "op": "SCMP_CMP_EQ"}, {"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}]}]}
            """
        )
        #expect(one.verdict(135, 1) == .allowed)
        #expect(one.verdict(135, 2) == .allowed)
        #expect(one.verdict(135, 3) == .refused(1))
        let both = try machine(
            """
            {"defaultAction": "SCMP_ACT_ERRNO", "syscalls": [{"names": ["socket"], "action": "SCMP_ACT_ALLOW",
            "args": [{"index": 0, "value": 2, "op": "SCMP_CMP_EQ"}, {"index": 1, "value": 1, "op": "SCMP_CMP_EQ"}]}]}
            """
        )
        #expect(both.verdict(41, 2, 1) == .allowed)
        #expect(both.verdict(41, 2, 2) == .refused(1))
    }

    @Test(
        "the form for runtimes has the rules of one container only, and comes to the same filter",
        arguments: [[], ["CAP_SYS_ADMIN"], ["CAP_CHOWN", "CAP_SYS_PTRACE"]] as [Set<String>]
    )
    func specification(_ capabilities: Set<String>) throws {
        let json = try SeccompProfile.standard.specification(capabilities: capabilities)
        let text = String(decoding: json, as: UTF8.self)
        #expect(!text.contains("includes") && !text.contains("excludes"))
        let ours = try SeccompFilter(.standard, capabilities: capabilities).instructions
        #expect(try SeccompFilter(profile(text), capabilities: []).instructions.elementsEqual(ours))
        let listening = try profile(
            #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir"], "action": "SCMP_ACT_NOTIFY"}]}"#
        )
        #expect(throws: SeccompError.listenerWanted) { try listening.specification(capabilities: []) }
    }

    @Test("what can't be followed is told of")
    func errors() throws {
        #expect(throws: SeccompError.self) { try profile("no JSON") }
        #expect(throws: SeccompError.self) { try profile("{}") }
        #expect(throws: SeccompError.self) { try SeccompProfile(contentsOf: "/no/such/file") }
        #expect(throws: SeccompError.unknownAction("SCMP_ACT_SMILE")) {
            try machine(#"{"defaultAction": "SCMP_ACT_SMILE"}"#)
        }
        #expect(throws: SeccompError.listenerWanted) {
            try machine(
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "open", "action": "SCMP_ACT_NOTIFY"}]}"#
            )
        }
        #expect(throws: SeccompError.unknownArchitecture("SCMP_ARCH_Z80")) {
            try machine(#"{"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_Z80"]}"#)
        }
        #expect(throws: SeccompError.argumentOutOfRange(6)) {
            try machine(
                #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"name": "open", "action": "SCMP_ACT_ERRNO", "args": [{"index": 6, "value": 0, "op": "SCMP_CMP_EQ"}]}]}"#
            )
        }
    }
}
