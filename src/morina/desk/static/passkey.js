"use strict";
// Passkeys in the browser: signing in with one, and adding one at /account.

const passkeys = (() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  async function post(path, sent) {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(sent),
    });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.detail);
    return said;
  }

  function named(keys) {
    return (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));
  }

  function signed(credential, names) {
    const response = {};
    for (const name of names) {
      const part = credential.response[name];
      if (part) response[name] = text(part);
    }
    return JSON.stringify({
      id: credential.id, rawId: text(credential.rawId), type: credential.type, response,
      clientExtensionResults: credential.getClientExtensionResults(),
    });
  }

  async function signIn(next) {
    const asked = await post("/sign-in/passkey/options", {});
    const publicKey = {
      ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials),
    };
    const got = await navigator.credentials.get({ publicKey });
    const names = ["clientDataJSON", "authenticatorData", "signature", "userHandle"];
    const { go } = await post("/sign-in/passkey", { answer: signed(got, names), next });
    location.assign(go);
  }

  async function add(label) {
    const asked = await post("/account/passkeys/options", {});
    const publicKey = {
      ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) },
      excludeCredentials: named(asked.excludeCredentials),
    };
    const made = await navigator.credentials.create({ publicKey });
    const names = ["clientDataJSON", "attestationObject"];
    return post("/account/passkeys", { answer: signed(made, names), label });
  }

  const usable = () => Boolean(window.PublicKeyCredential && navigator.credentials);
  return { add, signIn, usable };
})();

const passkeyButton = document.getElementById("passkey");
if (passkeyButton) {
  const wrong = document.getElementById("wrong");
  passkeyButton.addEventListener("click", async () => {
    wrong.textContent = "";
    if (!passkeys.usable()) {
      wrong.textContent = passkeyButton.dataset.none;
      return;
    }
    try {
      await passkeys.signIn(passkeyButton.dataset.next);
    } catch (error) {
      wrong.textContent = passkeyButton.dataset.refused;
      console.info(error.message);
    }
  });
}
