import ImageSpec

/// How caches do, for people.
struct CacheStatusText: CustomStringConvertible {
    let description: String

    init(_ status: JSONValue) {
        func number(_ name: String) -> Int64 {
            guard case .integer(let number)? = status[name] else { return 0 }
            return number
        }
        let limit = status["limit"].flatMap { value -> Int64? in
            guard case .integer(let number) = value else { return nil }
            return number
        }
        let asked = number("blobHits") + number("blobJoins") + number("blobMisses")
        let saved = max(0, number("servedBytes") - number("upstreamBytes"))
        let hits = asked == 0 ? 0 : (number("blobHits") + number("blobJoins")) * 100 / asked
        var lines = [
            "Held:      \(humanSize(number("blobBytes") + number("manifestBytes")))"
                + (limit.map { " of \(humanSize($0))" } ?? "")
                + ", \(humanSize(number("downloadBytes"))) on the way",
            "Blobs:     \(asked) asked for, \(hits) % here or on the way; \(humanSize(saved)) not fetched",
            "Manifests: \(number("manifestHits")) here, \(number("manifestMisses")) fetched, "
                + "\(number("stale")) served outdated, \(number("failures")) not to be had",
            "Tags:      \(number("revalidations")) asked for, \(number("unchanged")) unchanged",
            "Evicted:   \(number("evictedManifests")) manifests, \(number("evictedBlobs")) blobs, "
                + humanSize(number("evictedBytes")),
        ]
        lines += Self.endpoints(status) + Self.downloads(status)
        description = lines.joined(separator: "\n")
    }

    private static func endpoints(_ status: JSONValue) -> [String] {
        guard case .array(let endpoints)? = status["endpoints"], !endpoints.isEmpty else { return [] }
        var table = Table(columns: ["UPSTREAM", "ENDPOINT", "STATE", "RATE", "LAST FAILURE"])
        for endpoint in endpoints {
            let rate: String =
                switch endpoint["rate"] {
                case .integer(let rate)?: "\(humanSize(rate))/s"
                case .number(let rate)?: "\(humanSize(Int64(rate)))/s"
                default: ""
                }
            table.add([
                endpoint["upstream"]?.string ?? "", endpoint["name"]?.string ?? "",
                endpoint["isAvailable"] == .bool(true) ? "up" : "left alone", rate,
                endpoint["lastFailure"]?.string ?? "",
            ])
        }
        return ["", table.description]
    }

    private static func downloads(_ status: JSONValue) -> [String] {
        guard case .array(let downloads)? = status["downloads"], !downloads.isEmpty else { return [] }
        var table = Table(columns: ["DIGEST", "HERE", "OF", "FOR"])
        for download in downloads {
            guard case .integer(let size)? = download["size"], case .integer(let arrived)? = download["arrived"],
                case .array(let repositories)? = download["repositories"]
            else { continue }
            table.add([
                String(download["digest"]?.string?.prefix(19) ?? ""), humanSize(arrived), humanSize(size),
                repositories.compactMap(\.string).joined(separator: " "),
            ])
        }
        return ["", table.description]
    }
}
