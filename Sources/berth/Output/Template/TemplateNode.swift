import ImageSpec

/// A part of a parsed template.
indirect enum TemplateNode: Equatable {
    case text(String)
    case output(TemplatePipeline)
    case conditional(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
    /// Once for each element, which is `.` there, and the last of the pipeline's variables; of two the first is its
    /// place or name.
    case range(TemplatePipeline, each: [TemplateNode], otherwise: [TemplateNode])
    case with(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
}

/// Commands, each of which gets the result of the one before as its last argument.
struct TemplatePipeline: Equatable {
    /// What gets the result, as in `$name := …`: with `$`; most often none, and two in a range.
    var variables: [String] = []
    /// Whether the variable is one that was there before: `$name = …`.
    var isAssignment = false
    /// What one command consists of: a function and its arguments, or a value alone.
    let commands: [[TemplateOperand]]
}

indirect enum TemplateOperand: Equatable {
    /// Fields of `.`; none is `.` itself.
    case field([String])
    /// Fields of a variable; `$` alone is what the whole template is about.
    case variable(String, [String])
    case literal(JSONValue)
    case function(String)
    /// Fields of what is in parentheses.
    case group(TemplatePipeline, [String])
}
