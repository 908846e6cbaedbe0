// Makes a passkey, or signs in by one: asks the browser's authenticator what the form's data says, writes its answer
// into the form and sends it. Without it, everything else of the page works.
"use strict";

const isAble = Boolean(window.PublicKeyCredential && navigator.credentials);

if (isAble) {
  document.querySelectorAll("[data-passkey-unable]").forEach((each) => (each.hidden = true));
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer(form).then(
        (text) => {
          form.elements.answer.value = text;
          form.submit();
        },
        () => (form.querySelector("[data-passkey-failed]").hidden = false),
      );
    });
  }
}

async function answer(form) {
  form.querySelector("[data-passkey-failed]").hidden = true;
  const options = decoded(JSON.parse(form.dataset.options));
  const isNew = form.dataset.passkey === "create";
  const made = await navigator.credentials[isNew ? "create" : "get"]({ publicKey: options });
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = base64url(made.response[name]);
  }
  return JSON.stringify({ id: made.id, rawId: base64url(made.rawId), type: made.type, response });
}

// Options come as JSON, in which bytes are base64url.
function decoded(options) {
  options.challenge = bytes(options.challenge);
  if (options.user) options.user.id = bytes(options.user.id);
  for (const each of options.excludeCredentials ?? []) each.id = bytes(each.id);
  return options;
}

function bytes(text) {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (each) => each.charCodeAt(0));
}

function base64url(buffer) {
  const text = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}
