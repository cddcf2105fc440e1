/// How many wrong passwords are borne, and what follows.
package struct LockoutRule: Sendable, Hashable {
    /// How many may be sent for one name from one address before there is a pause: of a second, and with each more twice
    /// as long.
    package var freeFailures = 5
    /// The longest of these pauses.
    package var longestPause = Duration.seconds(900)
    /// How long after the last one they are forgotten.
    package var memory = Duration.seconds(3600)

    /// How many may be sent from one address, for whatever names, and after how long one more.
    package var addressFailures = 100
    package var addressPause = Duration.seconds(1)

    /// How many may be sent for one name, from whatever addresses, and after how long one more. It is for those addresses
    /// alone from which nobody of that name has logged in lately: an attacker must not keep the owner out.
    package var nameFailures = 50
    package var namePause = Duration.seconds(10)

    /// How many names, addresses and pairs of them are kept in mind, of each.
    package var maximumCount = 100_000

    package init() {}
}
