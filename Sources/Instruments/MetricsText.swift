/// Metrics in the text that Prometheus reads.
///
/// - SeeAlso: the exposition format, version 0.0.4.
package struct MetricsText {
    /// What a family of metrics is.
    package enum Kind: String {
        case counter
        case gauge
        case histogram
    }

    package typealias Labels = KeyValuePairs<String, String>

    package private(set) var text = ""

    package init() {}

    /// Begins a family: its samples follow at once.
    package mutating func begin(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    package mutating func sample(_ name: String, _ labels: Labels = [:], _ value: some CustomStringConvertible) {
        text += "\(name)\(Self.text(of: labels)) \(value)\n"
    }

    /// A family of one sample.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: some CustomStringConvertible) {
        begin(name, kind, help)
        sample(name, [:], value)
    }

    /// - Parameter unit: how many of what was recorded are one of what the metric is in.
    package mutating func samples(_ name: String, _ labels: Labels = [:], of histogram: Histogram, unit: Double = 1) {
        let (atMost, count) = histogram.cumulative
        for (bound, number) in zip(histogram.bounds, atMost) {
            let bound = unit == 1 ? "\(bound)" : "\(Double(bound) / unit)"
            text += "\(name)_bucket\(Self.text(of: labels, with: bound)) \(number)\n"
        }
        text += "\(name)_bucket\(Self.text(of: labels, with: "+Inf")) \(count)\n"
        let sum = unit == 1 ? "\(histogram.sum)" : "\(Double(histogram.sum) / unit)"
        text += "\(name)_sum\(Self.text(of: labels)) \(sum)\n"
        text += "\(name)_count\(Self.text(of: labels)) \(count)\n"
    }

    /// Label values are names of ours: none needs escapes.
    private static func text(of labels: Labels, with bound: String? = nil) -> String {
        var parts = labels.map { "\($0)=\"\($1)\"" }
        if let bound { parts.append("le=\"\(bound)\"") }
        return parts.isEmpty ? "" : "{\(parts.joined(separator: ","))}"
    }
}
