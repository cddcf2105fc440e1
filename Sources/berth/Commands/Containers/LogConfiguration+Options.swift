import Sandbox

extension LogConfiguration {
    /// - Parameters:
    ///   - driver: nil for the usual one. Docker's names for files of its own mean the same here.
    ///   - options: `name=value` each.
    /// - Throws: ``ContainerOptionError``.
    init(driver: String?, options: [String]) throws(ContainerOptionError) {
        self.init()
        switch driver {
        case nil, "local", "json-file": break
        case "none": isKept = false
        case let driver?: throw .unknownLogDriver(driver)
        }
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            switch (parts[0], parts.count == 2 ? parts[1] : "") {
            case ("max-size", let text):
                guard let size = ByteSize(text)?.bytes, size > 0 else { throw .invalidLogOption(option) }
                maximumFileSize = size
            case ("max-file", let text):
                guard let count = Int(text), (1...1000).contains(count) else { throw .invalidLogOption(option) }
                maximumFiles = count
            default: throw .invalidLogOption(option)
            }
        }
    }
}

/// A size as docker takes it: `10`, `10k`, `1.5m`, `2g`, in units of 1024.
struct ByteSize {
    let bytes: Int

    init?(_ text: String) {
        let lowered = text.lowercased()
        let trimmed = lowered.hasSuffix("b") ? lowered.dropLast() : lowered[...]
        let units: [Character: Double] = ["k": 0x1p10, "m": 0x1p20, "g": 0x1p30, "t": 0x1p40]
        let unit = trimmed.last.flatMap { units[$0] }
        guard let number = Double(unit == nil ? trimmed : trimmed.dropLast()), number >= 0,
            number.isFinite, let bytes = Int(exactly: (number * (unit ?? 1)).rounded())
        else { return nil }
        self.bytes = bytes
    }
}
