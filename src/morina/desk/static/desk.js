// What the browser does by itself: theme, clocks, sound, title, keyboard.
"use strict";
const desk = (() => {
  const root = document.documentElement;
  const stored = (key, fallback) => localStorage.getItem("morina." + key) ?? fallback;
  const store = (key, value) => localStorage.setItem("morina." + key, value);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // Theme: follow the system unless the user chose one.
  const THEMES = ["system", "light", "dark"];
  const applyTheme = () => {
    const theme = stored("theme", "system");
    root.style.colorScheme = theme === "system" ? "light dark" : theme;
    all("[data-does=theme]").forEach((b) => label(b, b.dataset[theme]));
  };
  const nextTheme = () => {
    store("theme", THEMES[(THEMES.indexOf(stored("theme", "system")) + 1) % THEMES.length]);
    applyTheme();
  };

  const label = (element, text) => {
    if (element.textContent !== text) element.textContent = text;
  };

  // Clocks: the server's time, so that ages are true on a machine whose clock is wrong.
  let ahead = null;
  const serverNow = () => Date.now() + (ahead ?? 0);
  const two = (n) => String(n).padStart(2, "0");
  const span = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const [h, m] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
    if (h >= 48) return Math.floor(h / 24) + " d";
    return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
  };
  const tick = () => {
    const clock = document.querySelector(".clock");
    if (clock && ahead === null) ahead = Date.parse(clock.dataset.now) - Date.now();
    const now = new Date(serverNow());
    if (clock) {
      const here = now.toLocaleTimeString("en-GB", { timeZone: clock.dataset.zone });
      label(clock, `${here} (${now.toISOString().slice(11, 19)} UTC)`);
    }
    all("time[data-since]").forEach((e) => {
      const seconds = (now - Date.parse(e.dataset.since)) / 1000;
      label(e, span(seconds));
    });
  };

  // Sound: made here, two short tones; browsers allow it only after a first key or click.
  let audio = null;
  const soundOn = () => stored("sound", "on") === "on";
  const showSound = () =>
    all("[data-does=sound]").forEach((b) => {
      const blocked = soundOn() && audio?.state !== "running";
      label(b, soundOn() ? (blocked ? b.dataset.blocked : b.dataset.on) : b.dataset.off);
      b.setAttribute("aria-pressed", String(soundOn()));
    });
  const unlock = async () => {
    audio ??= new AudioContext();
    if (audio.state === "suspended") await audio.resume().catch(() => {});
    showSound();
  };
  const toggleSound = async () => {
    const blocked = soundOn() && audio?.state !== "running";
    await unlock();
    if (!blocked) store("sound", soundOn() ? "off" : "on");
    showSound();
    if (soundOn()) tone();
  };
  const tone = () => {
    if (!soundOn() || audio?.state !== "running") return;
    [[880, 0], [1175, 0.16]].forEach(([hertz, after]) => {
      const [voice, volume] = [audio.createOscillator(), audio.createGain()];
      const start = audio.currentTime + after;
      voice.frequency.value = hertz;
      volume.gain.setValueAtTime(0.0001, start);
      volume.gain.exponentialRampToValueAtTime(0.25, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, start + 0.14);
      voice.connect(volume).connect(audio.destination);
      voice.start(start);
      voice.stop(start + 0.15);
    });
  };

  // Title and announcements.
  let title = null;
  const waiting = (n) => {
    title ??= document.title;
    document.title = n ? `(${n}) ${title}` : title;
  };
  const alarm = (text) => {
    tone();
    label(document.getElementById("announce"), text);
  };
  const stale = () => {
    const place = document.getElementById("toast");
    label(place, document.querySelector(".bar").dataset.stale);
    place.classList.add("shown", "stays");
  };
  let toastGoes = 0;
  const toast = (text) => {
    const place = document.getElementById("toast");
    if (place.classList.contains("stays")) return;
    label(place, text);
    place.classList.add("shown");
    clearTimeout(toastGoes);
    toastGoes = setTimeout(() => place.classList.remove("shown"), 6000);
  };

  // Keyboard: a control with data-key is pressed by that key; never while somebody types.
  const typing = (e) => e.matches("input, select, textarea, [contenteditable]");
  const shown = (e) => e.offsetParent !== null && !e.disabled;
  const press = (key) => {
    const row = document.activeElement.closest?.("[data-row]");
    const fits = (e) => e.dataset.key === key && shown(e);
    const inRow = row && all("[data-key]", row).find(fits);
    const target = inRow ?? all("[data-key]").filter((e) => !e.closest("[data-row]")).find(fits);
    target?.click();
    return Boolean(target);
  };
  const step = (by) => {
    const rows = all("[data-row] .row-link").filter(shown);
    if (!rows.length) return false;
    const row = document.activeElement.closest?.("[data-row]");
    const at = rows.findIndex((r) => r.closest("[data-row]") === row);
    const next = at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by;
    rows[Math.min(Math.max(next, 0), rows.length - 1)].focus();
    return true;
  };
  const MOVES = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 };
  const onKey = (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (document.querySelector("dialog[open]")) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    const plate = document.getElementById("typed");
    if (plate && /^[a-z0-9]$/i.test(event.key)) {
      plate.focus(); // whoever types the plate before the field has the keyboard loses no character
      return;
    }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const done = key in MOVES ? step(MOVES[key]) : !event.repeat && press(key);
    if (done) event.preventDefault();
  };

  // What is to be focused may be drawn, or drawn anew, a moment later: try until it stays.
  const TRIES = 40;
  const focus = (selector) => {
    const attempt = (left) => {
      const target = document.querySelector(selector);
      if (left === TRIES || document.activeElement === document.body) target?.focus();
      if (left) setTimeout(() => attempt(left - 1), 25);
    };
    attempt(TRIES);
  };

  // A file goes straight to the HTTP API; what it answers comes back in short.
  const MOST_FAULTS = 200;
  const upload = (form) => answered(form, { body: new FormData(form) });

  // The fields of a form, with what its data-sent holds, go there as JSON; ticks are true or false,
  // an empty field is left out, purpose.code is the code of the purpose. An attachment that comes
  // back is saved as a file.
  const send = (form) => {
    const fields = all("[name]", form).map((e) => [e.name, e.type === "checkbox" ? e.checked : e.value]);
    const sent = JSON.parse(form.dataset.sent);
    for (const [name, value] of fields.filter(([, value]) => value !== "")) {
      const [last, ...within] = name.split(".").reverse();
      within.reduceRight((part, one) => (part[one] ??= {}), sent)[last] = value;
    }
    const body = JSON.stringify(sent);
    return answered(form, { headers: { "Content-Type": "application/json" }, body });
  };
  const save = async (answer) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition"))[1];
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return { status: answer.status, name: link.download };
  };

  const answered = async (form, sent) => {
    const button = form.querySelector("button");
    const text = button.textContent;
    button.disabled = true;
    label(button, form.dataset.working);
    try {
      const answer = await fetch(form.action, { method: "POST", ...sent });
      if (answer.headers.get("Content-Disposition")?.startsWith("attachment")) return await save(answer);
      const said = await answer.json();
      const faults = said.faults ?? [];
      return {
        status: answer.status, detail: said.detail, mend: said.mend, count: said.count,
        faulty: faults.length, faults: faults.slice(0, MOST_FAULTS),
        reads: said.reads, approval: said.approval_id, place: said.place,
      };
    } catch {
      return { status: 0 };
    } finally {
      button.disabled = false;
      label(button, text);
    }
  };

  const DOES = {
    theme: nextTheme,
    sound: toggleSound,
    help: () => document.getElementById("help").showModal(),
  };
  applyTheme();
  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    const control = event.target.closest?.("[data-does]");
    if (control) DOES[control.dataset.does]();
  });
  ["pointerdown", "keydown"].forEach((kind) => document.addEventListener(kind, unlock, { once: true }));
  addEventListener("DOMContentLoaded", () => {
    setInterval(tick, 500);
    const started = setInterval(() => {
      if (!document.querySelector(".bar")) return;
      clearInterval(started);
      const { lost, trying } = document.querySelector(".bar").dataset;
      all("#popup span").forEach((span, i) => label(span, [lost, trying][i]));
      tick();
      applyTheme();
      unlock();
      showSound();
    }, 50);
  });
  return { alarm, focus, send, stale, toast, upload, waiting };
})();
