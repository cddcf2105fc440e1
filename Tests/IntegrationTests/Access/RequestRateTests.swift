import Access
import ImageSpec
import NIOHTTP1
import SystemPackage
import Testing

@Suite("Rates of requests", .needs("curl", "skopeo"))
struct RequestRateTests {
    /// What curl gets who asks `count` times at once.
    private func statuses(of url: String, count: Int, login: String? = nil) async throws -> [Int] {
        var arguments = ["--silent", "--noproxy", "*", "--output", "/dev/null", "--write-out", "%{http_code}\\n"]
        if let login { arguments += ["--user", "\(login):\(login)-password"] }
        // curl reads [1-9] as nine addresses.
        let output = try await Command("curl", arguments + ["\(url)?n=[1-\(count)]"]).output()
        return output.split(separator: "\n").compactMap { Int($0) }
    }

    @Test("an address that sends more than its rate is told when to try again, and may again then")
    func addresses() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(
                on: bench,
                environment: ["BERTHD_REQUEST_RATE": "1", "BERTHD_REQUEST_BURST": "20"]
            )
            let statuses = try await statuses(of: registry.url + "/v2/", count: 60)
            let answered = statuses.count { $0 == 200 }
            #expect(answered >= 20)
            // What time passes meanwhile lets a few more through.
            #expect(answered < 40)
            #expect(statuses.count { $0 == 429 } == 60 - answered)
            let refusal = try await registry.call(.GET, "/v2/")
            #expect(refusal.status == 429)
            #expect(refusal.errorCodes == ["TOOMANYREQUESTS"])
            #expect(refusal.headers.first(name: "retry-after") == "1")
            try await Task.sleep(for: .milliseconds(1100))
            #expect(try await registry.call(.GET, "/v2/").status == 200)
        }
    }

    @Test("an account that sends more than its rate leaves others theirs")
    func accounts() async throws {
        try await TestBench.use { bench in
            let folder = try bench.makeFolder("data")
            try await Berthd.addAccounts(in: folder, scopes: [])
            let registry = try await Berthd.start(
                on: bench,
                folder: folder,
                environment: ["BERTHD_REQUEST_RATE_PER_USER": "1", "BERTHD_REQUEST_BURST": "10"]
            )
            let mine = try await statuses(of: registry.url + "/v2/", count: 40, login: "alice")
            #expect((10..<25).contains(mine.count { $0 == 200 }))
            #expect(mine.count { $0 == 429 } > 10)
            #expect(try await registry.call(.GET, "/v2/", headers: .login("alice")).status == 429)
            #expect(try await registry.call(.GET, "/v2/", headers: .login("bob")).status == 200)
            #expect(try await registry.call(.GET, "/v2/").status == 401)
        }
    }

    @Test("an image of many layers comes through whole under a rate that its pull is a burst of")
    func pull() async throws {
        try await TestBench.use { bench in
            let registry = try await Berthd.start(on: bench, environment: ["BERTHD_REQUEST_RATE": "50"])
            let layers = (1...40).map { pseudorandomBytes(1000, seed: UInt64($0)) }
            try await registry.push(layers: layers, to: "app", tag: "v1")
            let target = try bench.makeFolder("pulled")
            try await Skopeo.copy("docker://\(registry.host)/app:v1", to: "dir:\(target)")
        }
    }
}
