// A form with `data-passkey` ("create" or "get") and `data-options` asks the browser for a passkey,
// writes the answer into its field `answer`, and is sent like any other form. Without a script, or
// in a browser without passkeys, it stays hidden.
const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const ids = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

async function ask(kind, options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (kind === "create") {
    publicKey.user = { ...options.user, id: bytes(options.user.id) };
    publicKey.excludeCredentials = ids(options.excludeCredentials);
  } else {
    publicKey.allowCredentials = ids(options.allowCredentials);
  }
  const made = await navigator.credentials[kind]({ publicKey });
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[part]) response[part] = text(made.response[part]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const failed = form.querySelector("[data-failed]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    failed.hidden = true;
    try {
      form.elements.answer.value = await ask(
        form.dataset.passkey,
        JSON.parse(form.dataset.options),
      );
      form.submit();
    } catch {
      failed.hidden = false; // refused, or taken back, by the person or the device
    }
  });
}
