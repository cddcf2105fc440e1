import ImageSpec
import Mirror
import Testing

@Suite("Templates of destinations")
struct DestinationTemplateTests {
    @Test(
        "a template names what an image is called",
        arguments: [
            ("localhost:5000", "localhost:5000/team/app:v1"),
            ("localhost:5000/{repository}", "localhost:5000/team/app:v1"),
            ("localhost:5000/{registry}/{repository}:{tag}", "localhost:5000/quay.example-8443/team/app:v1"),
            ("mirror.example/{name}", "mirror.example/app:v1"),
            ("mirror.example/{namespace}-x/{name}:old-{tag}", "mirror.example/team-x/app:old-v1"),
            ("mirror.example/all:{name}-{tag}", "mirror.example/all:app-v1"),
            ("mirror.example/{repository}/{tag}:latest", "mirror.example/team/app/v1:latest"),
        ]
    )
    func names(template: String, expected: String) throws {
        let reference = try DestinationTemplate(template).reference(
            host: RegistryHost("quay.example:8443"),
            repository: RepositoryName("team/app"),
            tag: Tag("v1")
        )
        #expect("\(reference)" == expected)
    }

    @Test(
        "what is no template is refused",
        arguments: [
            "", "/x", "host/{repo}", "host/{repository", "host/UPPER", "host/a:", "host/a:{tag}:x",
            "host/{repository}:-{tag}",
        ]
    )
    func refused(text: String) {
        #expect(throws: PlanError.self) { try DestinationTemplate(text) }
    }

    @Test("a destination's tag leads back to the source's, or to none")
    func back() throws {
        let host = try RegistryHost("quay.example")
        let repository = try RepositoryName("team/app")
        let template = try DestinationTemplate("localhost:5000/all:{name}-{tag}-m")
        #expect(try template.sourceTag(of: Tag("app-v1-m"), host: host, repository: repository)?.rawValue == "v1")
        for other in ["v1", "app--m", "app-v1", "other-v1-m"] {
            #expect(try template.sourceTag(of: Tag(other), host: host, repository: repository) == nil, "\(other)")
        }
        let fixed = try DestinationTemplate("localhost:5000/{repository}:fixed")
        #expect(try fixed.sourceTag(of: Tag("fixed"), host: host, repository: repository) == nil)
    }
}
