import HTTPTypes
import ImageSpec

/// The media types that a client's `Accept` headers name.
///
/// - SeeAlso: RFC 9110, section 12.5.1.
struct AcceptedMediaTypes {
    /// In lower case, without parameters; empty when the client didn't say.
    private let ranges: Set<String>

    init(_ headers: HTTPFields) {
        let ranges = headers[values: .accept]
            .flatMap { $0.split(separator: ",") }
            .map { $0.prefix { $0 != ";" }.filter { $0 != " " }.lowercased() }
        self.ranges = Set(ranges)
    }

    /// Whether the client takes content of `type`. All manifests are JSON, so `application/json` takes them too.
    func includes(_ type: MediaType) -> Bool {
        ranges.isEmpty || ranges.contains(type.rawValue.lowercased())
            || !ranges.isDisjoint(with: ["*/*", "application/*", "application/json"])
    }
}
