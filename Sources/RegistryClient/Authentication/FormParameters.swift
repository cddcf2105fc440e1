/// Names and values as a form or a query has them.
///
/// - SeeAlso: RFC 3986, section 2.3.
enum FormParameters {
    /// `name=value&…`, without those that have no value; names need no escaping.
    ///
    /// What stands in scopes may stay as it is, and is easier to read in a server's log so.
    static func encoded(_ parameters: [(name: String, value: String?)]) -> String {
        parameters.compactMap { name, value in value.map { "\(name)=\(PercentEncoding.encoded($0, keeping: ":/,"))" } }
            .joined(separator: "&")
    }
}
