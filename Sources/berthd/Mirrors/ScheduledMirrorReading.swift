import Mirror
import Yams

/// Reads the scheduled mirrors out of the configuration file.
struct ScheduledMirrorReading {
    private(set) var mirrors: [ScheduledMirror] = []
    private(set) var messages: [String] = []

    init(_ node: Node, in file: String) {
        guard let nodes = node.sequence else {
            messages = ["\(file):\(node.mark?.line ?? 0): 'mirrors' should be a list, each with 'plan' and 'schedule'"]
            return
        }
        for (index, node) in nodes.enumerated() { read(node, "mirrors[\(index)]", file) }
    }

    private mutating func read(_ node: Node, _ name: String, _ file: String) {
        var section = ConfigurationSection(node, in: file, name: name)
        defer { messages += section.finished() }
        var zone = CronZone.local
        section.take("zone", .choice, into: &zone)
        var jitter = Duration.zero
        section.take("jitter", .duration(.zero ... .seconds(86_400)), into: &jitter)
        guard let plan = section.text("plan"), let text = section.text("schedule") else {
            return section.fail(node, "'\(name)' should have a 'plan', a file, and a 'schedule', as '0 3 * * *'")
        }
        do {
            let schedule = Schedule(try CronExpression(text), zone: zone, jitter: jitter)
            mirrors.append(ScheduledMirror(plan: plan, schedule: schedule, text: text))
        } catch {
            section.fail(node, "'\(name).schedule': \(error)")
        }
    }
}
