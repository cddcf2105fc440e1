import Logging

/// Sends a logger's lines to the process's ``Log``.
struct BerthdLogHandler: LogHandler {
    let log: Log
    let label: String
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    /// Set for this logger alone; else the process's level holds, which can change.
    private var ownLevel: Logger.Level?

    init(log: Log, label: String) {
        self.log = log
        self.label = label
    }

    var logLevel: Logger.Level {
        get { ownLevel ?? log.level }
        set { ownLevel = newValue }
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = LogLine(log.format, level: event.level, message: event.message.description)
        line.add("logger", label)
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        for (name, value) in fields.sorted(by: { $0.key < $1.key }) { line.add(name, "\(value)") }
        if let error = event.error { line.add("error", "\(error)") }
        log.write(line)
    }
}
