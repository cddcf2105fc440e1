import Hummingbird

/// Which page of a list a request asks for, by `n` and `last`.
///
/// - SeeAlso: OCI distribution-spec 1.1, "Listing Tags".
struct PageQuery {
    /// How many entries; nil when the client doesn't say.
    let count: Int?
    /// The entry behind which the page begins; nil for the first page.
    let last: Substring?

    /// - Throws: ``WireError`` when `n` isn't a number.
    init(_ request: Request) throws(WireError) {
        let query = request.uri.queryParameters
        count = try query["n"].map(Self.number)
        last = query["last"].flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func number(_ text: Substring) throws(WireError) -> Int {
        guard !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            throw WireError(
                .badRequest,
                .unsupported,
                "'n' should be a number of entries, not '\(text.prefix(20))'",
                detail: ["n=100 gives the first hundred, or as many as this registry gives at once"]
            )
        }
        // Digits that are no number are more than there can be.
        return Int(text) ?? .max
    }
}
