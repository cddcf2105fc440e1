/// One number that a benchmark gives, and what is wanted of it.
struct Measure {
    enum Better { case higher, lower }

    /// Names the number in the JSON report.
    let key: String
    let title: String
    let unit: String
    let better: Better
    /// What berthd or berth should reach, given everybody's medians.
    var goals: [Goal] = []
}
