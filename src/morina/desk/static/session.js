// Nobody is signed out without having been told two minutes before; and a page whose session has
// ended leads to the sign-in instead of standing there as if it were alive.
"use strict";
(() => {
  const LOOK_MS = 20000;
  const TOLD_S = 120;

  const leave = () => {
    const here = encodeURIComponent(location.pathname + location.search);
    location.assign(`/sign-in?why=ended&next=${here}`);
  };

  const show = (left) => {
    const banner = document.getElementById("leaving");
    if (!banner) return;
    const [text, button] = banner.children;
    const says = left.stays ? banner.dataset.idle : banner.dataset.over;
    const told = left.left_s < TOLD_S;
    if (text.textContent !== says) text.textContent = says;
    button.hidden = !left.stays;
    button.onclick = () => look("POST");
    if (banner.hidden === told) banner.hidden = !told;
  };

  const look = async (method) => {
    let answer;
    try {
      answer = await fetch("/session", { method, cache: "no-store" });
    } catch {
      return; // no link to the node; the page says that by itself
    }
    if (answer.status === 401) leave();
    else if (answer.ok) show(await answer.json());
  };

  setInterval(() => look("GET"), LOOK_MS);
})();
