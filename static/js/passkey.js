// Passkeys: a button with data-passkey asks the browser, and sends its answer with the form around it.
(function () {
  "use strict";

  const fromText = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const asText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  // What the server sends as text, the browser wants as bytes.
  function read(options, alone) {
    const wanted = options.publicKey;
    wanted.challenge = fromText(wanted.challenge);
    if (wanted.user) wanted.user.id = fromText(wanted.user.id);
    for (const key of [...(wanted.excludeCredentials || []), ...(wanted.allowCredentials || [])]) {
      key.id = fromText(key.id);
    }
    if (alone) {
      wanted.authenticatorSelection = {
        ...wanted.authenticatorSelection,
        residentKey: "required",
        requireResidentKey: true,
        userVerification: "required",
      };
    }
    return { publicKey: wanted };
  }

  function written(credential) {
    const response = { clientDataJSON: asText(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = asText(credential.response[part]);
    }
    if (credential.response.getTransports) response.transports = credential.response.getTransports();
    return JSON.stringify({
      id: credential.id,
      rawId: asText(credential.rawId),
      type: credential.type,
      response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function optionsOf(button) {
    if (button.dataset.options) return JSON.parse(button.dataset.options);
    const answer = await fetch(button.form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no options");
    return (await answer.json()).request_options;
  }

  async function use(button) {
    const form = button.form;
    const status = form.querySelector("[role=status]");
    status.textContent = "Waiting for your passkey …";
    try {
      const options = await optionsOf(button);
      const making = button.dataset.passkey === "add";
      const alone = making && form.elements.passwordless && form.elements.passwordless.checked;
      const asked = read(options, alone);
      const credential = await (making ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
      form.elements.credential.value = written(credential);
      form.submit();
    } catch {
      status.textContent = button.dataset.failed;
    }
  }

  for (const button of document.querySelectorAll("[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    button.hidden = false;
    button.addEventListener("click", () => use(button));
  }
})();
