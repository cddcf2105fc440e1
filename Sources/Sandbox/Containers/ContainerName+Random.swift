extension ContainerName {
    private static let qualities = words(
        """
        able airy amber ample azure balmy bold brave bright brisk calm candid cheery civil clear clever cool coral
        cosy crisp daring dapper deft eager early earnest easy elated fair fleet fond frank fresh gentle gleeful
        golden grand handy happy hardy hearty humble jolly jovial keen kind lively loyal lucid lucky mellow merry
        mild mindful modest neat nimble noble patient placid plucky polite prompt proud quick quiet ready robust
        serene sharp silent silver sincere sleek smart snug sober solid sprightly steady stoic sturdy sunny swift
        tidy tranquil trusty upbeat valiant vivid warm watchful wise witty zesty
        """
    )

    /// Of people who sailed, charted, built or reckoned.
    private static let people = words(
        """
        amundsen archimedes banks baret barents beaufort bering blackburn bougainville bowditch brunel cabot
        chichester columbus cook cousteau darwin davis defoe drake earhart earle ericson eriksson falkner fitzroy
        flinders franklin frobisher fulton galileo gama germain halley harrison hawkins heyerdahl hooke hopper
        hudson humboldt huygens joshua kepler knox lapeyrouse livingstone lovelace maccready magellan maury
        melville mercator meitner nansen napier nemo newton nightingale nobile noether ortelius oughtred peary
        piccard plimsoll polo ptolemy ross sagan scoresby scott shackleton slocum somerville strabo sverdrup tasman
        tharp torricelli turing vancouver verne vespucci wallis weddell wegener wharton zheng
        """
    )

    private static func words(_ text: String) -> [Substring] {
        text.split(whereSeparator: \.isWhitespace).map { $0[...] }
    }

    /// One of two words, as for a container that its user gives none.
    package static func random() -> ContainerName {
        let quality = qualities.randomElement() ?? "able"
        let person = people.randomElement() ?? "cook"
        // Words of these lists can't be refused.
        return (try? ContainerName("\(quality)_\(person)")) ?? ContainerName(identifier: ContainerIdentifier())
    }

    private init(identifier: ContainerIdentifier) {
        rawValue = identifier.short
    }
}

extension ContainerStore {
    /// Makes a container, under a random name where the configuration has none.
    ///
    /// - Throws: as ``create(_:filter:)``.
    package func createNamed(_ configuration: ContainerConfiguration, filter: [UInt8] = []) throws -> Container {
        guard configuration.name == nil else { return try create(configuration, filter: filter) }
        var named = configuration
        for _ in 0..<100 {
            let name = ContainerName.random()
            guard names.owner(of: name) == nil else { continue }
            named.name = name
            do {
                return try create(named, filter: filter)
            } catch SandboxError.containerNameInUse {
                // Another was quicker.
            }
        }
        // So many containers leave no two words; the ID is a name, too.
        return try create(configuration, filter: filter)
    }
}
