import SystemPackage
import Testing

@Suite("Completions", .timeLimit(.minutes(2)))
struct CompletionTests {
    @Test("bash completes commands and the names of images", .needs("bash"))
    func bash() async throws {
        try await Self.withImages { root, shell in
            let complete = """
                source <(berth completion bash)
                function=$(complete -p berth | sed 's/.*-F \\([^ ]*\\).*/\\1/')
                COMP_WORDS=(berth pul); COMP_CWORD=1; COMP_LINE='berth pul'; COMP_POINT=9
                $function berth pul berth; echo "${COMPREPLY[@]}"
                COMP_WORDS=(berth --root \(root) rmi te); COMP_CWORD=4
                COMP_LINE="${COMP_WORDS[*]}"; COMPREPLY=(); COMP_POINT=${#COMP_LINE}
                $function berth te rmi; printf '%s\\n' "${COMPREPLY[@]}" | sort
                """
            let completed = try await shell.output(["bash", "-c", complete])
            #expect(completed == "pull\nteam/app:1\nteam/app:2")
        }
    }

    @Test("zsh completes the names of images, with their tags", .needs("zsh"))
    func zsh() async throws {
        try await Self.withImages { root, shell in
            // A zsh at a terminal of its own, where Tab is pressed; the tag is what is not typed.
            let complete = """
                cd \(root) && berth completion zsh > _berth
                zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell "PS1='' fpath=(\(root) \\$fpath); autoload -U compinit; compinit -u -D; echo is''ready"
                zpty -r -m shell line '*isready*'
                zpty -n -w shell $'berth --root . rmi oth\\t'
                zpty -r -m shell line '*other:latest*' && echo completed
                zpty -d shell
                """
            let completed = try await shell.output(["zsh", "-f", "-c", complete])
            #expect(completed.hasSuffix("completed"))
        }
    }

    @Test("fish completes commands and the names of images", .needs("fish", "zsh"))
    func fish() async throws {
        try await Self.withImages { root, shell in
            let command = """
                berth completion fish | source
                complete -C 'berth pul' | string split -f 1 \\t
                """
            let commands = try await shell.output(["fish", "--no-config", "-c", command])
            #expect(commands == "pull")
            // fish says what is on its command line only to a terminal, which zsh has to give.
            let complete = """
                zmodload zsh/zpty
                zpty shell TERM=xterm fish --no-config -i
                zpty -w shell 'berth completion fish | source; echo is""ready'
                zpty -r -m shell line '*isready*'
                zpty -n -w shell $'berth --root \(root) rmi oth\\t'
                zpty -r -m shell line '*other:latest*' && echo completed
                zpty -d shell
                """
            let completed = try await shell.output(["zsh", "-f", "-c", complete])
            #expect(completed.hasSuffix("completed"))
        }
    }

    /// A shell that finds `berth`, and none of the user's settings.
    private struct Shell: Sendable {
        let home: FilePath

        func output(_ words: [String]) async throws -> String {
            var command = Command(words[0], Array(words.dropFirst()))
            let programs = BuiltProgram.berth.path.removingLastComponent()
            command.environment = ["PATH": "\(programs):/usr/bin:/bin:/usr/sbin:/sbin", "HOME": home.string]
            return try await command.output()
        }
    }

    /// Runs `body` with the folder of a store that has images.
    private static func withImages(_ body: @Sendable (FilePath, Shell) async throws -> Void) async throws {
        try await TestBench.use { bench in
            let images = try LocalImages(on: bench)
            for name in ["team/app:1", "team/app:2", "other"] { try await images.add(name, content: name) }
            try await body(images.berth.root, Shell(home: bench.makeFolder("home-of-shell")))
        }
    }
}
