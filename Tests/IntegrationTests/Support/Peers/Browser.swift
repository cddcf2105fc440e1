import ImageSpec
import NIOHTTP1

/// Chromium without a window, driven by its driver.
///
/// - SeeAlso: W3C WebDriver.
struct Browser: Sendable {
    /// How the protocol names an element in its answers.
    private static let elementKey = "element-6066-11e4-a52e-4f735466cecf"

    private let driver: RunningRegistry
    private let session: String

    static func start(on bench: TestBench) async throws -> Browser {
        var command = Command("chromedriver", "--port=0")
        let home = try bench.makeFolder("browser")
        command.environment = ["HOME": home.string]
        let process = try bench.start(command)
        let port = try await process.line(after: "ChromeDriver was started successfully on port ").prefix { $0 != "." }
        let driver = RunningRegistry(host: try RegistryHost("127.0.0.1:\(port)"), process: process)
        // Root's browser has no sandbox of its own.
        let arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        let options = JSONValue.object(["args": .array(arguments.map { .string($0) })])
        let wanted = JSONValue.object(["alwaysMatch": .object(["goog:chromeOptions": options])])
        let answer = try await ask(driver, .POST, "/session", ["capabilities": wanted])
        return Browser(driver: driver, session: answer["sessionId"]?.string ?? "")
    }

    func open(_ url: String) async throws {
        _ = try await ask(.POST, "url", ["url": .string(url)])
    }

    /// Writes into the field that a selector of CSS finds.
    func write(_ text: String, into selector: String) async throws {
        _ = try await ask(.POST, "element/\(element(selector))/value", ["text": .string(text)])
    }

    func click(_ selector: String) async throws {
        _ = try await ask(.POST, "element/\(element(selector))/click", [:])
    }

    /// What a reader sees of an element.
    func text(of selector: String) async throws -> String {
        try await ask(.GET, "element/\(element(selector))/text").string ?? ""
    }

    var address: String {
        get async throws { try await ask(.GET, "url").string ?? "" }
    }

    func close() async throws {
        _ = try await ask(.DELETE, "")
    }

    private func element(_ selector: String) async throws -> String {
        let found = try await ask(.POST, "element", ["using": .string("css selector"), "value": .string(selector)])
        return found[Self.elementKey]?.string ?? ""
    }

    private func ask(_ method: HTTPMethod, _ path: String, _ body: [String: JSONValue]? = nil) async throws -> JSONValue
    {
        try await Self.ask(driver, method, "/session/\(session)" + (path.isEmpty ? "" : "/\(path)"), body)
    }

    private static func ask(
        _ driver: RunningRegistry,
        _ method: HTTPMethod,
        _ path: String,
        _ body: [String: JSONValue]?
    ) async throws -> JSONValue {
        let reply = try await driver.call(
            method,
            path,
            headers: ["content-type": "application/json"],
            body: body.map { JSONValue.object($0).compactText }
        )
        guard reply.status == 200, let value = try JSONValue(parsing: reply.body)["value"] else {
            throw UnexpectedReply(reply: reply)
        }
        return value
    }
}
