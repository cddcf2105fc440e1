import ImageSpec
import ImageStore
import Testing

@Suite("Image changes")
struct ImageChangeTests {
    private func execution(after changes: String...) throws -> ImageExecution {
        var execution = ImageExecution()
        for change in changes { try ImageChange(change).apply(to: &execution) }
        return execution
    }

    @Test(
        "a command is a JSON list, or else a line for the shell",
        arguments: [
            (#"CMD ["/bin/echo", "a b"]"#, ["/bin/echo", "a b"]),
            ("cmd echo  a", ["/bin/sh", "-c", "echo  a"]),
            (#"CMD [ -f /etc/motd ]"#, ["/bin/sh", "-c", "[ -f /etc/motd ]"]),
            ("CMD []", []),
        ]
    )
    func command(change: String, expected: [String]) throws {
        #expect(try execution(after: change).command == expected)
        let entrypoint = change.replacing("CMD", with: "ENTRYPOINT").replacing("cmd", with: "entrypoint")
        #expect(try execution(after: entrypoint).entrypoint == expected)
    }

    @Test("variables and labels are name=value words, quoted where they need it; the last of a name wins")
    func assignments() throws {
        let changed = try execution(
            after: #"ENV A=1 B="two words" C=three\ words"#,
            "ENV A=2",
            "ENV OLD the  whole rest",
            #"LABEL org.example.title='It is "it"' empty="#
        )
        #expect(changed.environment == ["B=two words", "C=three words", "A=2", "OLD=the  whole rest"])
        #expect(changed.labels == ["org.example.title": #"It is "it""#, "empty": ""])
    }

    @Test("ports, volumes, user, folder and signal are set")
    func others() throws {
        let changed = try execution(
            after: "EXPOSE 80 53/udp 8000-8002/TCP",
            #"VOLUME ["/data", "/with space"]"#,
            "VOLUME /a /b",
            "USER 1000:50",
            "WORKDIR /srv",
            "WORKDIR app",
            "STOPSIGNAL SIGINT"
        )
        #expect(changed.exposedPorts == ["80/tcp", "53/udp", "8000/tcp", "8001/tcp", "8002/tcp"])
        #expect(changed.volumes == ["/data", "/with space", "/a", "/b"])
        #expect(changed.user == "1000:50")
        #expect(changed.workingDirectory == "/srv/app")
        #expect(changed.stopSignal == "SIGINT")
    }

    @Test(
        "a health check is NONE, or a command with its times",
        arguments: [
            ("HEALTHCHECK NONE", #"{"Test":["NONE"]}"#),
            ("healthcheck cmd curl -f localhost", #"{"Test":["CMD-SHELL","curl -f localhost"]}"#),
            (
                #"HEALTHCHECK --interval=1m30s --timeout=2.5s --start-period=500ms --retries=5 CMD ["/check", "a b"]"#,
                #"{"Interval":90000000000,"Retries":5,"StartPeriod":500000000,"Test":["CMD","/check","a b"],"#
                    + #""Timeout":2500000000}"#
            ),
        ]
    )
    func healthcheck(change: String, expected: String) throws {
        let field = try #require(try execution(after: change).unknownFields["Healthcheck"])
        #expect(try String(decoding: canonicalJSON(field), as: UTF8.self) == expected)
    }

    @Test("what a build is to do with the image is kept in its order")
    func triggers() throws {
        let changed = try execution(after: "ONBUILD RUN  make all", "onbuild copy . /src")
        #expect(changed.unknownFields["OnBuild"] == .array([.string("RUN  make all"), .string("copy . /src")]))
    }

    @Test(
        "what can't be understood is refused and named",
        arguments: [
            "", "RUN ls", "CMD", "USER a b", "ENV =x", "ENV A", "EXPOSE 99999", "EXPOSE 9-1", "EXPOSE 80/icmp",
            #"ENV A="open"#, #"LABEL a\"#, "EXPOSE 1-2-3", "HEALTHCHECK", "HEALTHCHECK CMD", "HEALTHCHECK CMD []",
            "HEALTHCHECK NONE true", "HEALTHCHECK --interval=0s CMD true", "HEALTHCHECK --interval 5s CMD true",
            "HEALTHCHECK --retries=0 CMD true", "HEALTHCHECK --every=5s CMD true", "HEALTHCHECK RUN true",
            "ONBUILD", "ONBUILD ONBUILD RUN true", "ONBUILD from x",
        ]
    )
    func refusals(change: String) {
        #expect {
            try ImageChange(change)
        } throws: { error in
            "\(error)".contains("'\(change)' can't be made")
        }
    }
}
