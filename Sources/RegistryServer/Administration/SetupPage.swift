import Foundation
import ImageSpec

/// The page on which somebody makes the first administrator.
enum SetupPage {
    /// The secret stands behind the address's `#`, which a browser tells no server: only this script reads it.
    private static let script = """
        const form = document.querySelector("form"), note = document.querySelector("output");
        form.addEventListener("submit", async (event) => {
          event.preventDefault();
          const fields = new FormData(form);
          if (fields.get("password") !== fields.get("again")) {
            note.textContent = "These are two different passwords.";
            return;
          }
          const answer = await fetch("auth/setup", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({
              secret: location.hash.slice(1), name: fields.get("name"), password: fields.get("password"),
            }),
          });
          if (answer.ok) {
            form.hidden = true;
            note.textContent = "Done: log in as " + fields.get("name") + ".";
            history.replaceState(null, "", location.pathname);
          } else {
            const problem = await answer.json().catch(() => null);
            note.textContent = problem?.errors?.[0]?.message ?? "The server could not do this.";
          }
        });
        """

    private static let style = """
        body { font: 1rem/1.5 system-ui, sans-serif; max-width: 24rem; margin: 4rem auto; padding: 0 1rem; }
        label { display: block; margin: 1rem 0 0; }
        input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem; }
        button { font: inherit; margin: 1.5rem 0 0; padding: .4rem 1.2rem; }
        output { display: block; margin: 1.5rem 0 0; }
        """

    static let text = """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Berth: the first administrator</title>
        <style>\(style)</style>
        <h1>The first administrator</h1>
        <p>This registry has no accounts yet. Who has this link makes the first one, which may do everything.</p>
        <form>
        <label>Name <input name="name" required autocomplete="username" pattern="[a-z0-9][a-z0-9._+@\\-]*"></label>
        <label>Password, 8 characters or more
        <input name="password" type="password" required minlength="8" autocomplete="new-password"></label>
        <label>The same again <input name="again" type="password" required autocomplete="new-password"></label>
        <button>Make the account</button>
        </form>
        <output role="status"></output>
        <script>\(script)</script>
        </html>
        """

    /// Nothing runs or is loaded but what is in the page, and no other page shows it in a frame.
    static let policy = """
        default-src 'none'; script-src '\(hash(script))'; style-src '\(hash(style))'; connect-src 'self'; \
        base-uri 'none'; form-action 'none'; frame-ancestors 'none'
        """

    private static func hash(_ text: String) -> String {
        var hex = Digest.of(Array(text.utf8)).hex[...]
        var bytes = Data()
        while let byte = UInt8(hex.prefix(2), radix: 16) {
            bytes.append(byte)
            hex = hex.dropFirst(2)
        }
        return "sha256-" + bytes.base64EncodedString()
    }
}
