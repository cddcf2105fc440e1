import Credentials
import Foundation
import ImageSpec
import Logging
import Mirror
import MirrorPlans
import RegistryClient
import ServiceLifecycle
import SystemPackage

/// Carries plans of mirrors out when their time comes, one run of each at a time.
///
/// Logins are those of docker's configuration file, as for `berth mirror`. What a stop interrupts goes on at the next run.
struct MirrorService: Service {
    let mirrors: [ScheduledMirror]
    /// Where it is remembered which uploads are under way, so that a run goes on with those of one that was killed.
    let uploads: FilePath
    let logger: Logger

    func run() async throws {
        guard !mirrors.isEmpty else { return try await gracefulShutdown() }
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                for mirror in mirrors { group.addTask { await keep(mirror) } }
            }
        }
    }

    private func keep(_ mirror: ScheduledMirror) async {
        var generator = SystemRandomNumberGenerator()
        var last = Int(Date().timeIntervalSince1970)
        while !Task.isCancelled, let next = mirror.schedule.next(after: last, using: &generator) {
            let pause = Double(next.time) - Date().timeIntervalSince1970 + next.delay / .seconds(1)
            do {
                try await Task.sleep(for: .seconds(max(0, pause)))
            } catch {
                return
            }
            await carryOut(mirror)
            // What came due while it ran is made up for by this run.
            last = max(next.time, Int(Date().timeIntervalSince1970))
        }
    }

    private func carryOut(_ mirror: ScheduledMirror) async {
        let metadata: Logger.Metadata = ["plan": "\(mirror.plan)"]
        do {
            var file = MirrorPlanFile(FilePath(mirror.plan), defaultRegistry: .dockerHub)
            let runner = try MirrorRunner(try file.read(), registries: registries()) { event in
                log(event, metadata)
            }
            logger.notice("a mirror's run begins", metadata: metadata)
            let report = await runner.run()
            var counts = metadata
            for action in MirrorOutcome.Action.allCases { counts[action.rawValue] = "\(report.count(action))" }
            counts["bytes"] = "\(report.bytes)"
            logger.log(level: report.isComplete ? .notice : .warning, "a mirror's run has ended", metadata: counts)
        } catch {
            logger.error("a mirror can't run", metadata: metadata.merging(["error": "\(error)"]) { $1 })
        }
    }

    private func log(_ event: MirrorEvent, _ metadata: Logger.Metadata) {
        guard case .outcome(let outcome) = event, outcome.action != .unchanged else { return }
        var metadata = metadata
        metadata["source"] = outcome.source.map { "\($0)" }
        metadata["destination"] = outcome.destination.map { "\($0)" }
        metadata["reason"] = outcome.reason.map { "\($0)" }
        let level: Logger.Level = outcome.action == .failed ? .warning : .info
        logger.log(level: level, "\(outcome.action.rawValue)", metadata: metadata)
    }

    private func registries() throws -> Registries {
        let uploads = try UploadSessionFolder(uploads)
        uploads.removeOld()
        let credentials = CredentialStore(environment: ProcessInfo.processInfo.environment)
        var configuration = RegistryClient.Configuration()
        configuration.credentials = { try await credentials.credential(for: $0, repository: $1) }
        configuration.uploads = uploads
        var registries = Registries(configuration: configuration)
        registries.hostsFolders = ["/etc/docker/certs.d", "/etc/containerd/certs.d"]
        return registries
    }
}
