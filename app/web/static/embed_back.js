// The end of a sign-in that a frame began in a window of its own: the frame gets a code, which
// works once. It is made only for a frame of ours, and sent to our own origin only.
(async () => {
  "use strict";
  const opener = window.opener;
  try {
    if (!opener || opener.location.origin !== window.location.origin) return;
  } catch {
    return; // somebody else's page opened this one
  }
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const answer = await fetch("/embed/hand-off", { method: "POST", headers, body: '{"target":"/"}' });
  if (!answer.ok) return;
  const { address } = await answer.json();
  const code = new URL(address, window.location.origin).searchParams.get("code");
  opener.postMessage({ doorstep: "code", code }, window.location.origin);
  window.close();
})();
