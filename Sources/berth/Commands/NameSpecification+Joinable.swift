import ArgumentParser

extension NameSpecification {
    /// A short name and the long one of an option whose value may stand right behind the short one, as docker's may: `-p 80`
    /// and `-p80`.
    static func joinable(_ short: Character) -> NameSpecification {
        [.customShort(short, allowingJoined: true), .long]
    }
}
