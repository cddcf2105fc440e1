import ImageSpec
import RegistryClient
import Synchronization

/// Carries out a plan once.
///
/// Digests are compared first; only what is missing is copied; what fails is reported, and the rest goes on. A run that
/// is ended at any moment leaves nothing broken, and the next goes on from there.
///
/// ```swift
/// let report = await MirrorRunner(plan, registries: registries).run()
/// ```
package struct MirrorRunner: Sendable {
    let plan: MirrorPlan
    let options: MirrorOptions
    let registries: MirrorRegistries
    let export: MirrorExport?
    let origin: MirrorImport?
    private let onEvent: @Sendable (MirrorEvent) -> Void

    /// - Parameters:
    ///   - clock: by which limits are kept.
    ///   - onEvent: told of the progress, from several tasks at once.
    /// - Throws: ``MirrorError`` for a layout or archive that can't be used.
    package init(
        _ plan: MirrorPlan,
        registries: Registries,
        options: MirrorOptions = MirrorOptions(),
        clock: MirrorClock = .continuous,
        onEvent: @escaping @Sendable (MirrorEvent) -> Void = { _ in }
    ) throws {
        self.plan = plan
        self.options = options
        self.registries = MirrorRegistries(registries, limits: plan.limits, clock: clock)
        self.onEvent = onEvent
        let isWritten = !options.isDryRun
        export = try options.export.flatMap { isWritten ? try MirrorExport(to: $0, since: options.earlier) : nil }
        origin = try options.origin.map { try MirrorImport(from: $0) }
    }

    /// Copies what is missing and deletes what is to be deleted; cancelling the task ends it early.
    package func run() async -> MirrorReport {
        var report = MirrorReport(isDryRun: options.isDryRun)
        let selection = await select()
        for failure in selection.failures { add(failure, to: &report) }
        await copy(selection.items, into: &report)
        if options.export == nil, options.origin == nil, !Task.isCancelled {
            for outcome in await delete(beyond: selection) { add(outcome, to: &report) }
        }
        report.isInterrupted = Task.isCancelled
        if let export { await finish(export, &report) }
        return report
    }

    /// Nothing is in an archive that isn't there in the end.
    private func finish(_ export: MirrorExport, _ report: inout MirrorReport) async {
        do {
            try Task.checkCancellation()
            guard try await !export.finish() else { return }
            add(
                MirrorOutcome(.failed, destination: export.name, reason: "it would be empty, so it isn't written"),
                to: &report
            )
        } catch {
            guard !export.takesSeveralImages else { return }
            let reason = error is CancellationError ? "interrupted, so no archive is written" : "\(error)"
            for index in report.outcomes.indices where report.outcomes[index].action == .copied {
                report.outcomes[index].action = error is CancellationError ? .skipped : .failed
                report.outcomes[index].reason = reason
            }
        }
    }

    func tell(_ event: MirrorEvent) { onEvent(event) }

    private func add(_ outcome: MirrorOutcome, to report: inout MirrorReport) {
        report.outcomes.append(outcome)
        tell(.outcome(outcome))
    }

    private func copy(_ items: [MirrorItem], into report: inout MirrorReport) async {
        let width = export.map(\.takesSeveralImages) ?? true ? max(options.jobs, 1) : 1
        var outcomes: [(Int, [MirrorOutcome])] = []
        await withTaskGroup(of: (Int, [MirrorOutcome]).self) { group in
            for (number, item) in items.enumerated() {
                if number >= width, let done = await group.next() { outcomes.append(done) }
                group.addTask {
                    let outcomes = await mirror(item)
                    for outcome in outcomes { tell(.outcome(outcome)) }
                    return (number, outcomes)
                }
            }
            for await done in group { outcomes.append(done) }
        }
        // In the plan's order, whoever was first.
        report.outcomes += outcomes.sorted { $0.0 < $1.0 }.flatMap(\.1)
    }
}
