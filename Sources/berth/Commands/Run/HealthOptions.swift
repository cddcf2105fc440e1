import ArgumentParser
import ImageSpec
import Sandbox

/// How it is found out whether a container is well: what the image says, and the command line otherwise.
struct HealthOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("A line for the container's shell; it is well when that ends with 0.", valueName: "line")
    )
    var healthCmd: String?

    @Option(help: ArgumentHelp("Between two looks; by default 30s.", valueName: "duration"))
    var healthInterval: String?

    @Option(help: ArgumentHelp("When a look has failed; by default 30s.", valueName: "duration"))
    var healthTimeout: String?

    @Option(help: ArgumentHelp("For how long after the start failures don't count.", valueName: "duration"))
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
        if let healthInterval { health.interval = try seconds(healthInterval, "--health-interval") }
        if let healthTimeout { health.timeout = try seconds(healthTimeout, "--health-timeout") }
        if let healthStartPeriod { health.startPeriod = try seconds(healthStartPeriod, "--health-start-period") }
        if let healthRetries {
            guard healthRetries > 0 else {
                throw ContainerOptionError.invalidLimit("--health-retries", "\(healthRetries)")
            }
            health.retries = healthRetries
        }
        return health
    }

    private func seconds(_ text: String, _ option: String) throws(ContainerOptionError) -> Double {
        // As docker's: less than a millisecond would be no pause at all.
        guard let seconds = LogMoment.seconds(text), seconds >= 0.001 else { throw .invalidLimit(option, text) }
        return seconds
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
