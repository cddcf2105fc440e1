import ArgumentParser
import ImageSpec
import Sandbox

/// How it is found out whether a container is well: what the image says, and the command line otherwise.
struct HealthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A line for the container's shell; it is well when that ends with 0.", valueName: "line")
    )
    var healthCmd: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Between two looks; by default 30s.", valueName: "duration"))
    var healthInterval: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("When a look has failed; by default 30s.", valueName: "duration")
    )
    var healthTimeout: String?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("For how long after the start failures don't count.", valueName: "duration")
    )
    var healthStartPeriod: String?

    @Option(help: ArgumentHelp("How many failures in a row make it unhealthy; by default 3.", valueName: "number"))
    var healthRetries: Int?

    @Flag(help: "Don't look, whatever the image says.")
    var noHealthcheck = false

    /// - Throws: ``ContainerOptionError/invalidLimit(_:_:)``.
    func configuration(of image: ImageExecution) throws -> HealthConfiguration? {
        guard !noHealthcheck else {
            guard healthCmd == nil else { throw ContainerOptionError.invalidLimit("--health-cmd", "--no-healthcheck") }
            return nil
        }
        // Before it is known whether there is anything to look at: what can't be meant is told of in any case.
        let interval = try seconds(healthInterval, "--health-interval")
        let timeout = try seconds(healthTimeout, "--health-timeout")
        let startPeriod = try seconds(healthStartPeriod, "--health-start-period")
        let fromImage = Self.configuration(of: image.unknownFields["Healthcheck"])
        guard var health = healthCmd.flatMap({ HealthConfiguration(test: ["CMD-SHELL", $0]) }) ?? fromImage else {
            return nil
        }
        if healthCmd != nil, let fromImage {
            health.interval = fromImage.interval
            health.timeout = fromImage.timeout
            health.startPeriod = fromImage.startPeriod
            health.retries = fromImage.retries
        }
        health.interval = interval ?? health.interval
        health.timeout = timeout ?? health.timeout
        health.startPeriod = startPeriod ?? health.startPeriod
        if let healthRetries {
            guard healthRetries > 0 else {
                throw ContainerOptionError.invalidLimit("--health-retries", "\(healthRetries)")
            }
            health.retries = healthRetries
        }
        return health
    }

    /// Nil where nothing is said: by docker's rules 0 is that, too.
    private func seconds(_ text: String?, _ option: String) throws(ContainerOptionError) -> Double? {
        guard let text else { return nil }
        let seconds = text == "0" ? 0 : LogMoment.seconds(text)
        // As docker's: less than a millisecond would be no pause at all.
        guard let seconds, seconds == 0 || seconds >= 0.001 else { throw .invalidDuration(option: option, value: text) }
        return seconds == 0 ? nil : seconds
    }

    /// Reads docker's field of an image's config, whose times are nanoseconds.
    private static func configuration(of field: JSONValue?) -> HealthConfiguration? {
        guard case .array(let test)? = field?["Test"], var health = HealthConfiguration(test: test.compactMap(\.string))
        else { return nil }
        func seconds(_ name: String) -> Double? {
            guard case .integer(let number)? = field?[name], number > 0 else { return nil }
            return Double(number) / 1e9
        }
        health.interval = seconds("Interval") ?? health.interval
        health.timeout = seconds("Timeout") ?? health.timeout
        health.startPeriod = seconds("StartPeriod") ?? health.startPeriod
        if case .integer(let number)? = field?["Retries"], number > 0 { health.retries = Int(clamping: number) }
        return health
    }
}
