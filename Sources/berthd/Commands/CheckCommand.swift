import ArgumentParser
import Foundation
import Registry
import Storage
import SystemPackage

/// `berthd check`: says whether all that was pushed is still there.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Verify that the data folder's database and files agree; change nothing.",
        discussion: """
            Example: berthd check --data /var/lib/berthd --digests

            It may run beside the server: pushes, deletions and sweeps on their way are no findings. Each finding is a
            line: 'damage' is what was acknowledged and is lost or changed; 'litter' is bytes that nobody names, which \
            the server drops when it is started; 'remark' is nothing wrong.

            Exit status: 0 when there is no damage, 1 when there is, 2 when it could not be verified.
            """
    )

    @Option(name: .long, help: "The YAML file that the server reads its configuration from.")
    var config: String?

    @Option(name: .long, help: "The folder for blobs and the database.")
    var data: String?

    @Flag(name: .long, help: "Also read every blob and compare its digest.")
    var digests = false

    func run() async throws {
        let summary: CheckSummary
        do {
            summary = try await check()
        } catch {
            FileHandle.standardError.write(Data("Error: \(error)\n".utf8))
            throw ExitCode(2)
        }
        print(Self.text(of: summary))
        if !summary.isClean { throw ExitCode(1) }
    }

    private func check() async throws -> CheckSummary {
        let flags = data.map { ["data": $0] } ?? [:]
        let root = try ConfigurationReading(file: config, flags: flags).configuration.data
        let database = DataFolder.database(in: root)
        guard FileManager.default.fileExists(atPath: database.string) else {
            throw StartError("there is no registry in '\(root)': it has no \(DataFolder.databaseName)")
        }
        let metadata = try SQLiteMetadataStore(reading: database)
        let blobs = FileBlobStore(reading: root)
        let progress = isatty(STDERR_FILENO) == 1 && digests ? ProgressLine() : nil
        let check = StoreCheck(
            blobs: blobs,
            metadata: metadata,
            readsDigests: digests,
            width: ProcessInfo.processInfo.activeProcessorCount,
            onFinding: { finding in
                progress?.clear()
                print("\(finding.kind.rawValue): \(finding.text)")
            },
            onProgress: { read in
                progress?.show("\(read.blobs) blobs read, \(read.byteCount >> 20) MiB")
            }
        )
        let summary = try await check.run()
        progress?.clear()
        try metadata.close()
        try await blobs.close()
        return summary
    }

    private static func text(of summary: CheckSummary) -> String {
        let looked = """
            \(summary.repositories) repositories, \(summary.manifests) manifests, \(summary.blobs) blobs \
            (\(summary.byteCount) bytes), \(summary.uploads) uploads
            """
        let found = CheckFinding.Kind.allCases.map { "\(summary.findings[$0, default: 0]) \($0.rawValue)" }
        return "\(looked): \(found.joined(separator: ", "))"
    }
}
