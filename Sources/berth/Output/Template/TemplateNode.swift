import ImageSpec

/// A part of a parsed template.
indirect enum TemplateNode: Equatable {
    case text(String)
    case output(TemplatePipeline)
    case conditional(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
    /// Once for each element, which is `.` there.
    case range(TemplatePipeline, each: [TemplateNode], otherwise: [TemplateNode])
    case with(TemplatePipeline, then: [TemplateNode], otherwise: [TemplateNode])
}

/// Commands, each of which gets the result of the one before as its last argument.
struct TemplatePipeline: Equatable {
    /// What one command consists of: a function and its arguments, or a value alone.
    let commands: [[TemplateOperand]]
}

indirect enum TemplateOperand: Equatable {
    /// Fields of `.`; none is `.` itself.
    case field([String])
    /// Fields of what the whole template is about.
    case rootField([String])
    case literal(JSONValue)
    case function(String)
    case group(TemplatePipeline)
}
