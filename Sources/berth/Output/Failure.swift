import ArgumentParser
import Glibc
import RegistryClient

/// How the program ends when it can't do what it was asked: the one table from errors to exit statuses.
struct Failure {
    /// Of a command that can't do what it was asked.
    static let generalStatus: Int32 = 1
    /// Of a command line that can't be read, as docker's.
    static let usageStatus: Int32 = 125

    let status: Int32
    /// For standard error; for standard output when the status is 0, as of `--help`.
    private let message: String

    init(_ error: any Error) {
        switch error {
        case let error as ExitCode:
            status = error.rawValue
            message = ""
        case let error where Self.isFromTheCommandLine(error):
            let isSuccess = BerthCommand.exitCode(for: error).isSuccess
            status = isSuccess ? 0 : Self.status(ofUsage: BerthCommand.message(for: error))
            message = BerthCommand.fullMessage(for: error)
        case let error as RunFailure:
            status = error.status
            message = "berth: \(error.cause)"
        case is CancellationError:
            status = Self.generalStatus
            message = "berth: interrupted"
        default:
            status = Self.generalStatus
            message = "berth: \(error)" + Self.advice(on: error)
        }
    }

    /// What to do about it, where that is plain.
    private static func advice(on error: any Error) -> String {
        let address: String? =
            switch error as? RegistryClientError {
            case .refused(let refusal) where refusal.status == 401: refusal.url
            case .loginRefused(let registry, _): registry
            default: nil
            }
        guard let address, let host = try? LoginTarget.host(address) else { return "" }
        return "; log in with 'berth login \(host)'"
    }

    /// - Parameter heading: what the error means for what is being done.
    init(_ error: any Error, as heading: String) {
        status = Self.generalStatus
        message = "berth: \(heading): \(error)"
    }

    /// Prints the one line that says why.
    func report() {
        guard !message.isEmpty else { return }
        status == 0 ? Terminal.print(text) : Terminal.report(text)
    }

    /// Some of it may be a registry's or an image's words, and those must not speak to the terminal.
    var text: String { message.harmless }

    func exit() -> Never {
        report()
        Glibc.exit(status)
    }

    /// Docker's commands end with 1 when they get too few words or too many, and with 125 for options that they can't read.
    private static func status(ofUsage message: String) -> Int32 {
        let isAboutCount = ["Missing expected argument", "Unexpected argument"].contains { message.hasPrefix($0) }
        return isAboutCount || message.contains("unexpected arguments") ? generalStatus : usageStatus
    }

    /// Whether the error is the parser's: a wrong command line, or a demand for help or the version.
    private static func isFromTheCommandLine(_ error: any Error) -> Bool {
        let code = BerthCommand.exitCode(for: error)
        return code == .success || code == .validationFailure
    }
}
