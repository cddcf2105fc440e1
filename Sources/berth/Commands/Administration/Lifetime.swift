import ArgumentParser

/// A time that begins now, as `30m`, `12h` or `90d`.
struct Lifetime: ExpressibleByArgument {
    let seconds: Int64

    init?(argument: String) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[$0] }), let count = Int64(argument.dropLast()), count > 0,
            count < 1_000_000_000
        else { return nil }
        seconds = count * unit
    }
}
