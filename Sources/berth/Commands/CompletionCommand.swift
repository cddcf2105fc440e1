import ArgumentParser

/// `berth completion`.
struct CompletionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion",
        abstract: "Prints what teaches a shell to complete berth's commands.",
        discussion: """
            Examples:
              berth completion bash > /etc/bash_completion.d/berth
              berth completion zsh > "${fpath[1]}/_berth"
              berth completion fish > ~/.config/fish/completions/berth.fish
            """
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish
    }

    @Argument(help: "The shell: bash, zsh or fish.")
    var shell: Shell

    func run() {
        let known: CompletionShell =
            switch shell {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        Terminal.print(BerthCommand.completionScript(for: known))
    }
}
