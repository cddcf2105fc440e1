import ArgumentParser
import ConfigurationText
import ImageSpec
import Mirror
import MirrorPlans
import SystemPackage

/// `berth mirror`.
struct MirrorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror",
        abstract: "Copies what a plan says from registries to registries.",
        discussion: """
            The plan is a YAML file with sources, filters of tags, platforms and destinations; docs/mirroring.md and \
            config/mirror.yaml explain it. Digests are compared first, and only what is missing is copied: a run that \
            finds nothing new asks for each tag once at either side. What fails is reported, and the rest goes on. \
            Ctrl-C ends the run with a report, and the next run goes on from there.

            The exit status is 0 when all is well, 1 when something failed, 2 when the plan is wrong, 130 after Ctrl-C.

            Examples:
              berth mirror --dry-run plan.yaml
              berth mirror --report report.json plan.yaml
              berth mirror --to oci-archive:monday.tar plan.yaml
              berth mirror --to oci-archive:tuesday.tar --since oci-archive:monday.tar plan.yaml
              berth mirror --from oci-archive:monday.tar plan.yaml
            """
    )

    /// Of a plan that can't be read.
    private static let planStatus: Int32 = 2
    /// As shells have it after Ctrl-C.
    private static let interruptedStatus: Int32 = 130

    @ParentCommand var berth: BerthCommand
    @OptionGroup(visibility: .hidden) var location: StoreLocation

    @Flag(help: "Change nothing, and say what would be copied and deleted.")
    var dryRun = false

    @Flag(help: "Look also through what seems to be there for what it lacks.")
    var verify = false

    @Option(help: ArgumentHelp("How the report is printed.", valueName: "text|json"))
    var format = OutputFormat.text

    @Option(help: ArgumentHelp("Write the report as JSON to this file too.", valueName: "file"))
    var report: String?

    @Option(
        help: ArgumentHelp(
            "Copy to a layout or archive, not to the destinations.",
            valueName: "oci:DIR|oci-archive:FILE"
        )
    )
    var to: String?

    @Option(
        help: ArgumentHelp("Leave out blobs that an earlier one has; may be repeated.", valueName: "oci[-archive]:PATH")
    )
    var since: [String] = []

    @Option(
        help: ArgumentHelp(
            "Copy from a layout or archive, not from the sources.",
            valueName: "oci:DIR|oci-archive:FILE"
        )
    )
    var from: String?

    @Option(help: ArgumentHelp("How many images go at once.", valueName: "number"))
    var jobs = 4

    @Argument(help: ArgumentHelp("The plan.", valueName: "PLAN.yaml"))
    var plan: String

    func validate() throws {
        guard (1...64).contains(jobs) else { throw ValidationError("--jobs is a number from 1 to 64") }
        guard since.isEmpty || to != nil else { throw ValidationError("--since needs --to") }
        guard to == nil || from == nil else { throw ValidationError("--to and --from can't be given together") }
    }

    func run() async throws {
        let plan = try readPlan()
        let isQuiet = format == .json
        let registries = try berth.registries(rememberingUploadsAt: location)
        let runner = try MirrorRunner(plan, registries: registries, options: options()) { event in
            if !isQuiet, let line = MirrorReportText.line(of: event, isDryRun: dryRun) { Terminal.print(line.harmless) }
        }
        let result = await MirrorInterruption.run { await runner.run() }
        let document = MirrorReportDocument(result)
        if let report {
            let bytes = try canonicalJSON(document) + [0x0a]
            try await OutputFile.write(FilePath(report)) { _ = try $0.writeAll(bytes) }
        }
        switch format {
        case .json: try Terminal.print(json: document)
        case .text: Terminal.print(MirrorReportText.summary(of: result))
        }
        if result.isInterrupted { throw ExitCode(Self.interruptedStatus) }
        guard result.isComplete else { throw ExitCode(Failure.generalStatus) }
    }

    private func readPlan() throws -> MirrorPlan {
        var file = MirrorPlanFile(FilePath(plan), defaultRegistry: try berth.configuration().defaultRegistry)
        do {
            return try file.read()
        } catch let errors as ConfigurationErrors {
            for message in errors.messages { Terminal.report("berth: \(message)".harmless) }
            throw ExitCode(Self.planStatus)
        }
    }

    private func options() throws -> MirrorOptions {
        var options = MirrorOptions()
        options.jobs = jobs
        options.isDryRun = dryRun
        options.verifies = verify
        options.export = try to.map { try ImageLocation($0) }
        options.origin = try from.map { try ImageLocation($0) }
        options.earlier = try since.map { try ImageLocation($0) }
        return options
    }
}
