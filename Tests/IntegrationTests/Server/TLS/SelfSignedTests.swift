import Glibc
import ImageSpec
import SystemPackage
import Testing

/// berthd with an authority of its own.
@Suite("Self-signed", .timeLimit(.minutes(10)))
struct SelfSignedTests {
    @Test(
        "docker's, podman's, skopeo's and our client push and pull, trusting the authority alone",
        .needs("dockerd", "docker", "podman", "skopeo", "umoci", root: true)
    )
    func clients() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let server = try await SecureBerthd.startSelfSigned(on: bench)
            let trust = try bench.makeFolder("trust")
            try await Command("cp", server.authority.string, trust.appending("ca.crt").string).output()

            let skopeo = ["--insecure-policy", "copy", "--preserve-digests"]
            let first = "docker://\(server.name("from/skopeo"))"
            let push = skopeo + ["--dest-cert-dir", trust.string, image.ociName, first]
            try await Command("skopeo", push).output()
            let folder = "dir:\(bench.folder.appending("skopeo"))"
            try await Command("skopeo", skopeo + ["--src-cert-dir", trust.string, first, folder]).output()
            let untrusting = try await Command("skopeo", skopeo + [first, folder]).run()
            #expect(untrusting.errorText.contains("certificate signed by unknown authority"))

            let podman = try Podman(on: bench)
            let id = try await podman("pull", "--quiet", "--cert-dir", trust.string, server.name("from/skopeo"))
                .output()
            try await podman("push", "--cert-dir", trust.string, id, server.name("from/podman")).output()

            let docker = try await DockerEngine.start(on: bench)
            try await docker.push(image, as: server.name("from/docker"))
            try await docker.clear()
            _ = try await docker.pull(server.name("from/podman"))

            let berth = try Berth(on: bench)
            let refused = try await berth("pull", server.name("from/docker")).run()
            // It takes a registry of this machine for a plain one until it is told.
            #expect(refused.errorText.contains("this port speaks HTTPS"))
            let certificates = berth.home.appending(".config/docker/certs.d/\(server.host)")
            try makeFolder(certificates)
            try await Command("cp", server.authority.string, certificates.appending("ca.crt").string).output()
            try await berth("pull", server.name("from/docker")).output()
            try await berth("tag", server.name("from/docker"), server.name("from/berth")).output()
            try await berth("push", server.name("from/berth")).output()
            let list = try await server.curl("/v2/_catalog").output()
            #expect(list == #"{"repositories":["from/berth","from/docker","from/podman","from/skopeo"]}"#)
        }
    }

    @Test(
        "containerd trusts it by the hosts file that the log tells of",
        .needs("containerd", "ctr", "skopeo", "umoci", root: true)
    )
    func containerd() async throws {
        let image = try await BusyboxImage.shared()
        try await TestBench.use { bench in
            let server = try await SecureBerthd.startSelfSigned(on: bench)
            let client = try await Containerd.start(on: bench)
            let hosts = try bench.makeFolder("hosts")
            let folder = hosts.appending("\(server.host)")
            try makeFolder(folder)
            try write(
                "[host.\"https://\(server.host)\"]\n  ca = \"\(server.authority)\"\n",
                to: folder.appending("hosts.toml")
            )
            try await client("images", "import", image.dockerArchive.string).output()
            try await client("images", "tag", "docker.io/library/busybox:test", server.name("team/app")).output()
            try await client("images", "push", "--hosts-dir", hosts.string, server.name("team/app")).output()
            try await client.clear()
            try await client("images", "pull", "--hosts-dir", hosts.string, server.name("team/app")).output()
            #expect(try await server.curl("/v2/team/app/tags/list").output().contains("latest"))
        }
    }

    @Test("the log tells what each client needs, and the keys are the owner's alone")
    func instructions() async throws {
        try await TestBench.use { bench in
            let server = try await SecureBerthd.startSelfSigned(on: bench)
            for line in [
                "/etc/docker/certs.d/\(server.host)/ca.crt", "/etc/containers/certs.d/\(server.host)/ca.crt",
                "/etc/containerd/certs.d/\(server.host)/hosts.toml", "\(server.authority)",
            ] {
                try await server.registry.waitForLog(line)
            }
            let folder = server.authority.removingLastComponent()
            #expect(try names(in: folder).sorted() == ["ca.crt", "ca.key", "server.crt", "server.key"])
            for name in try names(in: folder) {
                var status = stat()
                #expect(stat(folder.appending(name).string, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600, "\(name)")
            }
        }
    }

    @Test(
        "after a restart clients go on trusting it, and a certificate that ends soon or is damaged is made anew",
        .needs("curl", "openssl")
    )
    func restart() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            let first = try await SecureBerthd.startSelfSigned(on: bench, folder: folder)
            let authority = try contents(ofFileAt: first.authority)
            let certificate = try contents(ofFileAt: folder.appending("tls/server.crt"))
            await first.process.stop()
            let second = try await SecureBerthd.startSelfSigned(on: bench, folder: folder)
            #expect(try contents(ofFileAt: second.authority) == authority)
            #expect(try contents(ofFileAt: folder.appending("tls/server.crt")) == certificate)
            await second.process.stop()

            // One that ends tomorrow, for the same names.
            let (old, tls) = (folder.appending("tls/server.crt"), folder.appending("tls"))
            let request = try await Command(
                "openssl",
                ["x509", "-x509toreq", "-copy_extensions", "copy", "-in", old.string]
                    + ["-signkey", tls.appending("server.key").string]
            ).run()
            var issue = Command(
                "openssl",
                ["x509", "-req", "-days", "1", "-copy_extensions", "copy", "-out", old.string]
                    + ["-CA", tls.appending("ca.crt").string, "-CAkey", tls.appending("ca.key").string]
            )
            issue.input = .bytes(request.standardOutput)
            try await issue.output()
            let ending = try contents(ofFileAt: old)
            let renewed = try await SecureBerthd.startSelfSigned(on: bench, folder: folder)
            #expect(try contents(ofFileAt: renewed.authority) == authority)
            #expect(try contents(ofFileAt: old) != ending)
            #expect(try await renewed.curl("/v2/").output() == "{}")
            await renewed.process.stop()

            try write("damaged", to: folder.appending("tls/server.key"))
            let third = try await SecureBerthd.startSelfSigned(on: bench, folder: folder)
            #expect(try contents(ofFileAt: third.authority) == authority)
            #expect(try contents(ofFileAt: folder.appending("tls/server.crt")) != certificate)
            #expect(try await third.curl("/v2/").output() == "{}")
        }
    }
}
