/// What answers isn't a berthd, or one of another time.
struct AdministrationAnswerInvalid: Error, CustomStringConvertible {
    var description: String { "the registry's answer can't be read; is it a berthd?" }
}
