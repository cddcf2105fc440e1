import ArgumentParser
import Glibc
import ImageStore
import Sandbox
import SystemPackage

/// `berth cp`.
struct CopyFilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cp",
        abstract: "Copies files and folders between a container and this host.",
        discussion: """
            A source that ends with /. means what is in the folder. A container's file is found as the container \
            finds it: its links never lead to this host.

            Examples:
              berth cp web:/etc/nginx/nginx.conf .
              berth cp site/. web:/usr/share/nginx/html
              berth cp web:/var/log - | tar -tv
            """
    )

    @ParentCommand var berth: BerthCommand
    @OptionGroup var location: StoreLocation

    @Flag(name: .shortAndLong, help: "Keep owners, as numbers, and all that makes a file privileged.")
    var archive = false

    @Flag(name: [.customShort("L"), .long], help: "Copy what a link at the source leads to.")
    var followLink = false

    @Flag(name: .shortAndLong, help: "Print nothing.")
    var quiet = false

    @Argument(help: ArgumentHelp("What to copy; - for a tar archive on the standard input.", valueName: "source"))
    var source: String

    @Argument(help: ArgumentHelp("Where to; - for a tar archive on the standard output.", valueName: "destination"))
    var destination: String

    func run() throws {
        switch (CopyLocation(source), CopyLocation(destination)) {
        case (.container(let name, let path), .host(let destination)):
            try copyOut(name, path, to: destination)
        case (.host(let source), .container(let name, let path)):
            try copyIn(source, to: name, path)
        case (.container, .container):
            throw CopyLocationError.betweenContainers
        case (.host, .host):
            throw CopyLocationError.noContainer
        }
    }

    private func copyOut(_ name: String, _ path: String, to destination: String) throws {
        guard destination != "-" || isatty(STDOUT_FILENO) == 0 else { throw OutputError.isATerminal }
        let files = try berth.openContainers(location).find(name).openFiles(toWrite: false)
        guard destination != "-" else {
            return try files.tree().read(path, followsLink: followLink, to: .standardOutput)
        }
        // What an ordinary user makes is the user's.
        let owner = archive || getuid() != 0 ? nil : FileOwner(user: getuid(), group: getgid())
        try files.tree().copyOut(
            path,
            followsLink: followLink,
            to: destination,
            owner: owner,
            keepsPrivileges: archive
        )
        report(to: destination)
    }

    private func copyIn(_ source: String, to name: String, _ path: String) throws {
        guard source != "-" || isatty(STDIN_FILENO) == 0 else { throw OutputError.inputIsATerminal }
        let files = try berth.openContainers(location).find(name).openFiles(toWrite: true)
        if source == "-" {
            try files.tree(toWrite: true).unpack(.standardInput, into: path, owner: nil)
        } else {
            // As docker, which keeps the numbers; an ordinary user's own mean nobody in there.
            let owner = archive || getuid() == 0 ? nil : FileOwner(user: 0, group: 0)
            try files.tree(toWrite: true).copyIn(source, followsLink: followLink, to: path, owner: owner)
        }
        report(to: "\(name):\(path)")
    }

    /// As docker, which speaks to people only.
    private func report(to destination: String) {
        guard !quiet, isatty(STDERR_FILENO) == 1 else { return }
        Terminal.report("Successfully copied to \(destination)".harmless)
    }
}
