// A drone flight: its video picture by picture, and what is drawn of it there and on the map.
"use strict";
(() => {
  const KEPT = 80; // pictures held ready
  const AHEAD = 6; // pictures fetched before they are shown
  const WIDE = 1280;
  const MOST_MOMENTS = 4000;
  const STEP = 0.02; // of the picture, by which an arrow key moves the cross
  const METRES_A_DEGREE = 111320;
  const SVG = "http://www.w3.org/2000/svg";

  const get = (id) => document.getElementById(id);
  const api = (sortie, rest) => `${window.path_prefix ?? ""}/api/v1/aerial/sorties/${sortie}/${rest}`;

  async function fetched(path) {
    const answer = await fetch(path);
    if (answer.ok) return answer;
    const said = await answer.json().catch(() => ({}));
    throw new Error([said.detail, said.mend].filter(Boolean).join("; "));
  }

  function clock(seconds) {
    const minutes = Math.floor(seconds / 60);
    return `${minutes}:${(seconds - 60 * minutes).toFixed(1).padStart(4, "0")}`;
  }

  function nearest(times, at) {
    let [low, high] = [0, times.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times[middle] < at) low = middle + 1;
      else high = middle;
    }
    return low > 0 && at - times[low - 1] <= times[low] - at ? low - 1 : low;
  }

  function ring({ latitude, longitude, major_m, minor_m, bearing_deg }) {
    const [sine, cosine] = [Math.sin((bearing_deg * Math.PI) / 180), Math.cos((bearing_deg * Math.PI) / 180)];
    const east = METRES_A_DEGREE * Math.cos((latitude * Math.PI) / 180);
    return Array.from({ length: 48 }, (_, k) => {
      const [along, beside] = [major_m * Math.cos((k * Math.PI) / 24), minor_m * Math.sin((k * Math.PI) / 24)];
      return [
        latitude + (along * cosine - beside * sine) / METRES_A_DEGREE,
        longitude + (along * sine + beside * cosine) / east,
      ];
    });
  }

  function drawn(tag, attributes, text = "") {
    const made = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.textContent = text;
    return made;
  }

  /* Pictures by number, fetched once, the oldest given up. */
  class Pictures {
    constructor(sortie) {
      this.sortie = sortie;
      this.kept = new Map();
    }

    at(seconds) {
      const known = this.kept.get(seconds);
      if (known) {
        this.kept.delete(seconds);
        this.kept.set(seconds, known); // the newest asked for stays longest
        return known;
      }
      const coming = fetched(api(this.sortie, `picture?at=${seconds}&across=${WIDE}`))
        .then((answer) => answer.blob())
        .then((blob) => URL.createObjectURL(blob));
      coming.catch(() => this.kept.delete(seconds));
      this.kept.set(seconds, coming);
      if (this.kept.size > KEPT) {
        const [oldest, gone] = this.kept.entries().next().value;
        this.kept.delete(oldest);
        gone.then(URL.revokeObjectURL, () => {});
      }
      return coming;
    }
  }

  class Player {
    constructor(given, chart) {
      Object.assign(this, given);
      this.chart = chart;
      this.pictures = new Pictures(given.sortie);
      this.times = [];
      this.moments = [];
      this.tracks = [];
      this.index = 0;
      this.playing = false;
      this.turn = 0; // counts what is shown, so that a late picture is not put over a newer one
      this.cross = [0.5, 0.5];
      this.chosen = "";
    }

    start() {
      this.listen();
      this.load(this.at);
    }

    async load(at) {
      await Promise.all([this.loadMoments(), this.loadTracks()]);
      this.chart.fit(this.moments);
      this.chart.tracks(this.tracks, this);
      if (this.times.length) this.show(nearest(this.times, at));
      else this.say(this.words.nothing);
    }

    async loadMoments() {
      const every = Math.max(0, this.seconds / MOST_MOMENTS);
      try {
        this.moments = await (await fetched(api(this.sortie, `moments?every_s=${every}`))).json();
      } catch (error) {
        this.say(error.message || this.words.failed);
        return;
      }
      this.times = this.moments.map((moment) => moment.at_s);
      const steps = this.times.slice(1).map((time, k) => time - this.times[k]).sort((a, b) => a - b);
      this.near = Math.max((steps[steps.length >> 1] ?? 1) * 0.6, 0.02);
      get("slider").max = Math.max(this.times.length - 1, 0);
      this.chart.path(this.moments);
    }

    async loadTracks() {
      try {
        this.tracks = (await (await fetched(api(this.sortie, "tracks"))).json()).features;
      } catch {
        this.tracks = []; // the list of tracks on the page says why
      }
    }

    async more() {
      const had = this.times.length;
      await Promise.all([this.loadMoments(), this.loadTracks()]);
      this.chart.tracks(this.tracks, this);
      this.chart.choose(this.chosen);
      if (!this.playing && this.moments[this.index]) this.draw(this.moments[this.index]);
      if (!had && this.times.length) {
        this.chart.fit(this.moments);
        this.show(0);
      }
    }

    async reload(width, height, seconds) {
      Object.assign(this, { width, height, seconds });
      if (width) {
        get("marks").setAttribute("viewBox", `0 0 ${width} ${height}`);
        get("marks").parentElement.style.aspectRatio = `${width} / ${height}`;
      }
      await this.load(this.times[this.index] ?? 0);
    }

    say(text) {
      get("screen-said").textContent = text;
    }

    async show(index) {
      this.index = Math.min(Math.max(index, 0), this.times.length - 1);
      const turn = (this.turn += 1);
      const moment = this.moments[this.index];
      if (!moment) return;
      this.ahead();
      try {
        const source = this.width ? await this.pictures.at(moment.at_s) : "";
        if (turn !== this.turn) return;
        await this.put(source);
        this.say(this.told(moment));
      } catch (error) {
        if (turn === this.turn) this.say(error.message || this.words.failed);
        this.pause();
      }
      if (turn === this.turn) this.draw(moment);
    }

    async put(source) {
      if (!source) return;
      get("shot").src = source;
      await get("shot").decode().catch(() => {});
    }

    told({ footprint }) {
      if (!this.width) return this.words.no_video;
      if (!footprint) return this.words.no_footprint;
      return footprint.cut ? this.words.cut : "";
    }

    ahead() {
      if (!this.width) return;
      for (let k = 1; k <= AHEAD; k += 1) {
        const moment = this.moments[this.index + k];
        if (moment) this.pictures.at(moment.at_s).catch(() => {});
      }
    }

    draw(moment) {
      const slider = get("slider");
      slider.value = this.index;
      slider.setAttribute("aria-valuetext", clock(moment.at_s));
      get("clock").textContent = clock(moment.at_s);
      const seen = this.tracks.map((track) => [track, this.pointOf(track, moment.at_s)]).filter(([, k]) => k >= 0);
      this.boxes(seen);
      this.chart.moment(moment, seen);
    }

    pointOf(track, at) {
      const times = track.properties.at_s;
      const k = nearest(times, at);
      return times.length && Math.abs(times[k] - at) <= this.near ? k : -1;
    }

    boxes(seen) {
      const parts = [];
      for (const [track, k] of seen) {
        const { boxes, kind, track_id: id } = track.properties;
        if (!boxes[k]) continue;
        const [left, top, right, bottom] = boxes[k];
        const chosen = id === this.chosen ? " chosen" : "";
        const box = { x: left, y: top, width: right - left, height: bottom - top };
        parts.push(drawn("rect", { ...box, class: "halo" }), drawn("rect", { ...box, class: `box ${kind}${chosen}` }));
        const size = this.width / 45;
        const under = top > 1.5 * size ? top - size / 3 : bottom + size;
        const said = { x: left, y: under, class: "box-said", "font-size": size };
        parts.push(drawn("text", said, this.words[`kind_${kind}`]));
      }
      const [x, y] = [this.cross[0] * this.width, this.cross[1] * this.height];
      const arm = this.width / 40;
      const cross = `M${x - arm} ${y}h${2 * arm}M${x} ${y - arm}v${2 * arm}`;
      parts.push(drawn("path", { d: cross, class: "cross-halo" }), drawn("path", { d: cross, class: "cross" }));
      get("marks").replaceChildren(...parts);
    }

    point([across, down]) {
      this.cross = [Math.min(Math.max(across, 0), 1), Math.min(Math.max(down, 0), 1)];
      get("marks").classList.add("pointed");
      if (this.moments[this.index]) this.draw(this.moments[this.index]);
    }

    pick() {
      const detail = { at_s: this.times[this.index] ?? 0, across: this.cross[0], down: this.cross[1] };
      get("screen").dispatchEvent(new CustomEvent("pick", { detail }));
    }

    jump(at, cross) {
      this.pause();
      if (cross) this.point(cross);
      this.show(nearest(this.times, at));
      get("screen").scrollIntoView({ block: "nearest" });
    }

    select(id, at) {
      this.chosen = id;
      this.chart.choose(id);
      this.jump(at);
    }

    pause() {
      this.playing = false;
      this.button();
    }

    button() {
      const play = document.querySelector("[data-plays=play]");
      play.textContent = this.playing ? "❚❚" : "▶";
      play.setAttribute("aria-pressed", String(this.playing));
    }

    async play() {
      if (this.playing) return this.pause();
      this.playing = true;
      this.button();
      if (this.index >= this.times.length - 1) await this.show(0);
      while (this.playing && this.index < this.times.length - 1 && get("shot")) {
        const begun = performance.now();
        const speed = Number(get("speed").value);
        const from = this.times[this.index];
        const due = Math.max(this.index + 1, nearest(this.times, from + 0.04 * speed));
        const waits = (1000 * (this.times[due] - from)) / speed;
        await new Promise((done) => setTimeout(done, Math.max(waits - this.late, 0)));
        if (!this.playing) break;
        await this.show(due);
        this.late = Math.min(Math.max(performance.now() - begun - waits + this.late, 0), waits);
      }
      this.pause();
    }

    listen() {
      this.late = 0;
      const does = {
        play: () => this.play(),
        before: () => { this.pause(); this.show(this.index - 1); },
        after: () => { this.pause(); this.show(this.index + 1); },
        back: () => this.jump((this.times[this.index] ?? 0) - 10),
        ahead: () => this.jump((this.times[this.index] ?? 0) + 10),
      };
      document.querySelectorAll("[data-plays]").forEach((control) =>
        control.addEventListener("click", () => does[control.dataset.plays]()),
      );
      get("slider").addEventListener("input", (event) => {
        this.pause();
        this.show(Number(event.target.value));
      });
      const marks = get("marks");
      marks.addEventListener("click", (event) => {
        const box = marks.getBoundingClientRect();
        this.pause();
        this.point([(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]);
        this.pick();
      });
      marks.addEventListener("keydown", (event) => this.key(event));
    }

    key(event) {
      const step = event.shiftKey ? STEP / 5 : STEP;
      const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
      if (event.key === "Enter") this.pick();
      else if (event.key in moves) this.point(this.cross.map((share, k) => share + moves[event.key][k]));
      else return;
      event.preventDefault();
      event.stopPropagation();
      this.playing = false;
    }
  }

  const look = (className) => ({ className, interactive: false });

  /* A map on which a point is chosen, and what is asked of the ground there is laid. */
  const Asked = L.LayerGroup.extend({
    initialize(given) {
      L.LayerGroup.prototype.initialize.call(this);
      this.words = given.words;
      this.asked = L.layerGroup();
      this.addLayer(this.asked);
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      const container = map.getContainer();
      container.classList.add("map-draws");
      map.doubleClickZoom.disable();
      map.on("click", ({ latlng }) => this.tell(latlng));
      container.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== container) return;
        event.preventDefault();
        this.tell(map.getCenter());
      });
      window.aerial = this.does();
    },

    /* What the page may have done. */
    does() {
      return {
        spot: (place) => this.spot(place),
        go: (place) => this.go(place),
        layer: (name, picture) => this.picture(name, picture),
        gaps: (given) => this.gaps(given),
      };
    },

    tell({ lat, lng }) {
      this.spot({ latitude: lat, longitude: lng });
      for (const [name, value] of [["latitude", lat], ["longitude", lng]]) {
        document.querySelectorAll(`[data-spot=${name}]`).forEach((field) => { field.value = value.toFixed(6); });
      }
      const detail = { latitude: lat, longitude: lng };
      get("screen")?.dispatchEvent(new CustomEvent("spot", { detail }));
    },

    go({ latitude, longitude }) {
      this.tell({ lat: latitude, lng: longitude });
      this._map.panTo([latitude, longitude], { animate: false });
    },

    mark(place, className, name) {
      const icon = L.divIcon({ className, iconSize: [18, 18] });
      return L.marker(place, { icon, title: name, alt: name, interactive: false, keyboard: false });
    },

    /* A picture over the ground, north up, in place of the one of that name. */
    picture(name, given) {
      this.pictures ??= {};
      if (this.pictures[name]) this.removeLayer(this.pictures[name]);
      delete this.pictures[name];
      if (!given) return;
      const [west, south, east, north] = given.bounds;
      const bounds = [[south, west], [north, east]];
      const layer = L.imageOverlay(`data:image/png;base64,${given.png}`, bounds, { className: `map-picture ${name}` });
      this.pictures[name] = layer;
      this.addLayer(layer);
      this._map.fitBounds(bounds, { animate: false });
    },

    gaps(given) {
      if (this.outlined) this.removeLayer(this.outlined);
      this.outlined = given && L.geoJSON(given, { interactive: false, style: { className: "map-gap" } });
      if (this.outlined) this.addLayer(this.outlined);
    },

    spot({ latitude, longitude }) {
      this.asked.clearLayers();
      this.asked.addLayer(this.mark([latitude, longitude], "map-spot", this.words.spot));
    },
  });

  const Chart = Asked.extend({
    initialize(given) {
      Asked.prototype.initialize.call(this, given);
      this.player = new Player(given, this);
      this.flown = L.polyline([], look("map-flown"));
      this.ground = L.polygon([], look("map-footprint"));
      this.lines = L.layerGroup();
      this.now = L.layerGroup();
      this.placed = L.layerGroup();
      [this.flown, this.ground, this.lines, this.now, this.placed].forEach((layer) => this.addLayer(layer));
    },

    onAdd(map) {
      Asked.prototype.onAdd.call(this, map);
      this.player.start();
    },

    does() {
      const { player } = this;
      return {
        ...Asked.prototype.does.call(this),
        jump: (at, cross) => player.jump(at, cross),
        select: (id, at) => player.select(id, at),
        reload: (...size) => player.reload(...size),
        more: () => player.more(),
        point: (place) => this.point(place),
      };
    },

    fit(moments) {
      const rings = moments.filter((moment) => moment.footprint && !moment.footprint.cut);
      const places = [
        ...moments.map((moment) => [moment.latitude, moment.longitude]),
        ...rings.flatMap((moment) => moment.footprint.ring.map(([longitude, latitude]) => [latitude, longitude])),
      ];
      if (places.length) this._map.fitBounds(places, { maxZoom: 18, padding: [24, 24], animate: false });
    },

    path(moments) {
      this.flown.setLatLngs(moments.map((moment) => [moment.latitude, moment.longitude]));
    },

    tracks(tracks) {
      this.lines.clearLayers();
      this.byId = {};
      for (const { geometry, properties } of tracks) {
        const places = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates;
        const line = L.polyline(places.map(([longitude, latitude]) => [latitude, longitude]),
          look(`map-track ${properties.kind}`));
        this.byId[properties.track_id] = line;
        this.lines.addLayer(line);
      }
    },

    choose(id) {
      Object.entries(this.byId ?? {}).forEach(([one, line]) =>
        line.getElement()?.classList.toggle("chosen", one === id),
      );
    },

    moment(moment, seen) {
      const ground = moment.footprint?.ring ?? [];
      this.ground.setLatLngs(ground.map(([longitude, latitude]) => [latitude, longitude]));
      this.now.clearLayers();
      for (const [track, k] of seen) {
        const { geometry, properties } = track;
        const [longitude, latitude] = geometry.type === "Point" ? geometry.coordinates : geometry.coordinates[k];
        const [major_m, minor_m, bearing_deg] = properties.ellipses[k];
        const around = ring({ latitude, longitude, major_m, minor_m, bearing_deg });
        this.now.addLayer(L.polygon(around, look(`map-ellipse ${properties.kind}`)));
        this.now.addLayer(L.circleMarker([latitude, longitude], { radius: 3, ...look(`map-now ${properties.kind}`) }));
      }
      this.now.addLayer(this.mark([moment.latitude, moment.longitude], "map-aircraft", this.words.aircraft));
    },

    point(place) {
      this.placed.clearLayers();
      if (!place) return;
      const at = [place.latitude, place.longitude];
      this.placed.addLayer(L.polygon(ring(place), look("map-placed-ellipse")));
      this.placed.addLayer(this.mark(at, "map-placed", this.words.place));
      if (!this._map.getBounds().contains(at)) this._map.panTo(at);
    },
  });

  document.addEventListener("click", async (event) => {
    const control = event.target.closest?.("[data-copies]");
    if (!control) return;
    const field = get(control.dataset.copies);
    field.select();
    await navigator.clipboard?.writeText(field.value).catch(() => {});
  });

  L.morinaSortie = (given) => new Chart(given);
  L.morinaGround = (given) => new Asked(given);
})();
