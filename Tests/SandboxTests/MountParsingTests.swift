import Sandbox
import SystemPackage
import Testing

@Suite("Mounts as users write them")
struct MountParsingTests {
    @Test("-v has a path of the host's or a volume's name, a place, and options")
    func volumes() throws {
        let bind = try Mount(volume: "/srv/data:/data")
        #expect(bind.source == .bind(path: "/srv/data"))
        #expect(bind.target == "/data")
        #expect(!bind.isReadOnly && bind.isRecursive && bind.propagation == .private && !bind.takesImageContent)
        let named = try Mount(volume: "db:/var/lib/db:ro,z")
        #expect(named.source == .volume(name: try VolumeName("db"), isAnonymous: false))
        #expect(named.isReadOnly && named.takesImageContent)
        #expect(try !Mount(volume: "db:/x:nocopy").takesImageContent)
        guard case .volume(_, isAnonymous: true) = try Mount(volume: "/cache").source else {
            Issue.record("not anonymous")
            return
        }
        let shared = try Mount(volume: "/a:/b:rslave")
        #expect(shared.propagation == .slave && shared.isRecursive)
        #expect(try !Mount(volume: "/a:/b:shared").isRecursive)
        guard case .bind(let path) = try Mount(volume: "./here:/x").source else {
            Issue.record("not a path")
            return
        }
        #expect(path.hasPrefix("/") && path.hasSuffix("/here") && !path.contains("./"))
    }

    @Test(
        "a place is what it comes to",
        arguments: [("/a/", "/a"), ("//a///b/.", "/a/b"), ("/a/../b", "/b"), ("/../../b", "/b")]
    )
    func targets(text: String, target: String) throws {
        #expect(try Mount(volume: "/src:\(text)").target == target)
    }

    @Test(
        "what isn't one is refused",
        arguments: [
            "", "relative", "/a:relative", "/a:/", "/a:/b/..", ":/b", "x:/b", "-name:/b", "/a:/b:wrong",
            "/a:/b:ro:more",
            "name:/b:rshared", "na me:/b",
        ]
    )
    func refused(text: String) {
        #expect(throws: SandboxError.self) { try Mount(volume: text) }
    }

    @Test("--mount says the same in fields")
    func fields() throws {
        let bind = try Mount(fields: "type=bind,source=/srv,target=/data,readonly")
        #expect(bind.source == .bind(path: "/srv") && bind.target == "/data" && bind.isReadOnly)
        let volume = try Mount(fields: "source=db,destination=/db,volume-nocopy=true")
        #expect(volume.source == .volume(name: try VolumeName("db"), isAnonymous: false))
        #expect(!volume.takesImageContent)
        let quoted = try Mount(fields: #"type=bind,"src=/with,comma",dst=/x,bind-propagation=rshared,readonly=false"#)
        #expect(quoted.source == .bind(path: "/with,comma"))
        #expect(quoted.propagation == .shared && !quoted.isReadOnly)
        let memory = try Mount(fields: "type=tmpfs,target=/t,tmpfs-size=1m,tmpfs-mode=0700")
        guard case .memory(let options) = memory.source else {
            Issue.record("no tmpfs")
            return
        }
        #expect(options.settings == ["size": "1m", "mode": "0700"])
    }

    @Test(
        "fields that can't be are refused",
        arguments: [
            "type=bind,target=/x", "type=bind,source=rel,target=/x", "type=disk,target=/x", "source=db", "target=",
            "type=volume,source=/path,target=/x", "type=tmpfs,source=x,target=/x",
            "type=bind,source=/a,target=/x,wrong",
            #"type=bind,"source=/a"#, "type=volume,source=db,target=/x,bind-propagation=rshared",
        ]
    )
    func refusedFields(text: String) {
        #expect(throws: SandboxError.self) { try Mount(fields: text) }
    }

    @Test("--tmpfs has docker's defaults: no programs, no set-user-ID")
    func memory() throws {
        guard case .memory(let plain) = try Mount(memory: "/run").source,
            case .memory(let open) = try Mount(memory: "/run:exec,suid,size=64k,uid=7").source
        else {
            Issue.record("no tmpfs")
            return
        }
        #expect(!plain.allowsExecution && !plain.allowsSetID && plain.settings == ["mode": "1777"])
        #expect(open.allowsExecution && open.allowsSetID)
        #expect(open.settings == ["mode": "1777", "size": "64k", "uid": "7"])
        #expect(try Mount(memory: "/run:ro").isReadOnly)
        for text in ["/run:dev", "/run:wrong=1", "/run:size=", "run"] {
            #expect(throws: SandboxError.self) { try Mount(memory: text) }
        }
    }

    @Test("outer places come first; an image's volume gives way to the user's; two for one place are refused")
    func order() throws {
        let mounts = try ["/s:/a/b/c", "/s:/a", "/s:/a/b"].map { try Mount(volume: $0) }
        let configuration = try MountConfiguration(mounts, imageVolumes: ["/a/", "/z"])
        #expect(configuration.mounts.map(\.target) == ["/a", "/z", "/a/b", "/a/b/c"])
        #expect(throws: SandboxError.duplicateMountPoint("/a")) {
            try MountConfiguration([try Mount(volume: "/s:/a"), try Mount(volume: "/t:/a/")])
        }
    }
}
