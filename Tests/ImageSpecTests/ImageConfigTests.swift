import ImageSpec
import Testing

@Suite("Image configs")
struct ImageConfigTests {
    private static let diffID = "sha256:" + String(repeating: "b", count: 64)

    @Test("as docker writes them are read, nulls and all")
    func docker() throws {
        let text = #"""
            {"architecture":"arm64","variant":"v8","os":"linux","created":"2024-05-01T00:00:00Z","docker_version":"20",
             "config":{"Hostname":"","User":"1000:50","Env":["PATH=/bin"],"Cmd":null,"Entrypoint":["/e"],"Volumes":null,
                       "WorkingDir":"/w","Labels":null,"ExposedPorts":{"80/tcp":{}},"OnBuild":null,"StopSignal":"SIGINT"},
             "rootfs":{"type":"layers","diff_ids":["\#(Self.diffID)"]},
             "history":[{"created":"2024-05-01T00:00:00Z","created_by":"x","empty_layer":true}]}
            """#
        let config = try ImageConfig(parsing: Array(text.utf8))
        #expect(config.platform == Platform(os: "linux", architecture: "arm64", variant: "v8"))
        #expect(config.execution.user == "1000:50")
        #expect(config.execution.environment == ["PATH=/bin"])
        #expect(config.execution.command == [])
        #expect(config.execution.entrypoint == ["/e"])
        #expect(config.execution.workingDirectory == "/w")
        #expect(config.execution.exposedPorts == ["80/tcp"])
        #expect(config.execution.stopSignal == "SIGINT")
        #expect(config.diffIDs == [try Digest(Self.diffID)])
        #expect(config.history.first?.isEmptyLayer == true)
        #expect(config.unknownFields == ["docker_version": JSONValue.string("20")])
        #expect(try ImageConfig(parsing: canonicalJSON(config)) == config)
    }

    @Test(
        "that lack what makes an image are refused",
        arguments: [
            "", "{}", "[]", #"{"os":"linux","architecture":"amd64"}"#,
            #"{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":["x"]}}"#,
            #"{"os":"linux","rootfs":{"type":"layers","diff_ids":[]}}"#,
        ]
    )
    func refusal(text: String) {
        #expect {
            try ImageConfig(parsing: Array(text.utf8))
        } throws: { error in
            guard case .invalidImageConfig? = error as? ImageSpecError else { return false }
            return true
        }
    }
}
