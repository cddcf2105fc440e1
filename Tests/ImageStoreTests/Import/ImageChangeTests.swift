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
        "what can't be understood is refused and named",
        arguments: [
            "", "RUN ls", "CMD", "USER a b", "ENV =x", "ENV A", "EXPOSE 99999", "EXPOSE 9-1", "EXPOSE 80/icmp",
            #"ENV A="open"#, #"LABEL a\"#, "EXPOSE 1-2-3",
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
