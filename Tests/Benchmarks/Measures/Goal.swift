/// What our median should reach.
struct Goal {
    let text: String
    /// Given everybody's medians; nil when one of those that it needs is missing.
    let isMet: ([Contestant: Double]) -> Bool?

    static func atLeast(_ value: Double, _ text: String) -> Goal {
        Goal(text: "≥ \(text)") { medians in medians.own.map { $0 >= value } }
    }

    static func atMost(_ value: Double, _ text: String) -> Goal {
        Goal(text: "≤ \(text)") { medians in medians.own.map { $0 <= value } }
    }

    static func atLeast(_ factor: Double, of other: Contestant) -> Goal {
        Goal(text: "≥ \(decimal(factor, places: 2)) × \(other.rawValue)") { medians in
            guard let own = medians.own, let theirs = medians[other] else { return nil }
            return own >= factor * theirs
        }
    }

    static func atMost(_ factor: Double, of other: Contestant) -> Goal {
        Goal(text: "≤ \(decimal(factor, places: 2)) × \(other.rawValue)") { medians in
            guard let own = medians.own, let theirs = medians[other] else { return nil }
            return own <= factor * theirs
        }
    }

    static func lessThan(_ other: Contestant) -> Goal {
        Goal(text: "< \(other.rawValue)") { medians in
            guard let own = medians.own, let theirs = medians[other] else { return nil }
            return own < theirs
        }
    }

    /// Either of two goals is enough.
    static func either(_ one: Goal, _ other: Goal) -> Goal {
        Goal(text: "\(one.text) or \(other.text)") { medians in
            let outcomes = [one, other].compactMap { $0.isMet(medians) }
            return outcomes.isEmpty ? nil : outcomes.contains(true)
        }
    }
}
