/* The desk's map. Everything it fetches is on this node.
 * NiceGUI's Leaflet element calls L.morina({marks, fit, words}) and adds what it returns. */
(() => {
  const PANES = { land: 110, water: 120, lines: 130, names: 140 }; // all below Leaflet's tiles (200)
  const COVERED = [[39.5, 18.5], [44, 23.5]]; // what the layers reach
  const SMALLEST_SHOWN = [[8, 50000], [9, 20000], [10, 5000], [11, 1000]]; // below zoom: inhabitants
  const MOST_NAMES = 70;
  const fetched = {};

  function fetchOnce(path) {
    fetched[path] ??= fetch(`${window.path_prefix ?? ""}/map/${path}`).then((answer) => {
      if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
      return answer.json();
    });
    return fetched[path];
  }

  function element(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  function overlap(a, b) {
    return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
  }

  /* Boxes already taken on the screen. */
  class Room {
    constructor() { this.taken = []; }
    take(box) {
      const free = !this.taken.some((other) => overlap(box, other));
      if (free) this.taken.push(box);
      return free;
    }
    keep(box) { this.taken.push(box); }
  }

  function drawn(collection, pane, className, wanted = () => true) {
    return L.geoJSON(collection, {
      pane,
      interactive: false,
      filter: wanted,
      style: { className },
    });
  }

  const Morina = L.LayerGroup.extend({
    initialize(options) {
      L.LayerGroup.prototype.initialize.call(this);
      this.given = options;
      this.named = [];
      this.nameLayer = L.layerGroup();
      this.cameras = [];
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      this.prepare(map);
      this.addWays();
      this.given.marks.forEach((mark) => this.addCamera(mark));
      this.addLayer(this.nameLayer);
      map.on("moveend resize", this.arrange, this);
      if (this.given.fit) this.fit();
      this.arrange();
      this.addGround();
      this.addTiles();
    },

    onRemove(map) {
      map.off("moveend resize", this.arrange, this);
      L.LayerGroup.prototype.onRemove.call(this, map);
    },

    prepare(map) {
      const { words } = this.given;
      for (const [name, zIndex] of Object.entries(PANES)) {
        Object.assign(map.createPane(`morina-${name}`).style, { zIndex, pointerEvents: "none" });
      }
      L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
      L.control.scale({ imperial: false, position: "topright" }).addTo(map);
      map.attributionControl.setPrefix(false).addAttribution(words.attribution);
      const container = map.getContainer();
      container.setAttribute("role", "application");
      container.setAttribute("aria-label", words.map);
      container.addEventListener("keydown", ({ key }) => key === "Escape" && map.closePopup());
    },

    fit() {
      const map = this._map;
      if (map.getSize().x === 0) {
        map.once("resize", this.fit, this); // on a page part not shown yet
        return;
      }
      const places = this.given.marks.map((mark) => [mark.latitude, mark.longitude]);
      map.fitBounds(places, { maxZoom: 12, padding: [48, 48], animate: false });
    },

    async addGround() {
      const [borders, lakes, rivers, places] = await Promise.all(
        ["borders", "lakes", "rivers", "places"].map((name) => fetchOnce(`layers/${name}.geojson`)),
      );
      if (!this._map) return;
      const isKind = (kind) => (feature) => feature.properties.kind === kind;
      this.addLayer(L.rectangle(COVERED, { pane: "morina-land", interactive: false, className: "map-sea" }));
      this.addLayer(drawn(borders, "morina-land", "map-land", isKind("land")));
      this.addLayer(drawn(rivers, "morina-water", "map-river"));
      this.addLayer(drawn(lakes, "morina-water", "map-lake"));
      this.addLayer(drawn(borders, "morina-lines", "map-border-edge", isKind("border")));
      this.addLayer(drawn(borders, "morina-lines", "map-border", isKind("border")));
      this.named = [
        ...borders.features.filter(isKind("country")).map(asCountry),
        ...places.features.map(asPlace),
        ...rivers.features.flatMap(asRivers),
      ];
      this.arrange();
    },

    async addTiles() {
      const coverage = await fetchOnce("tiles.json");
      if (!coverage || !this._map) return;
      const { bounds } = coverage;
      this.addLayer(
        L.tileLayer(`${window.path_prefix ?? ""}/map/tiles/{z}/{x}/{y}`, {
          minZoom: coverage.min_zoom,
          maxNativeZoom: coverage.max_zoom,
          maxZoom: 19,
          bounds: bounds ? [[bounds[1], bounds[0]], [bounds[3], bounds[2]]] : undefined,
          attribution: element("span", "", coverage.attribution).innerHTML,
        }),
      );
    },

    addWays() {
      const ways = this.given.marks.flatMap((mark) =>
        mark.ways.map((there) => [[mark.latitude, mark.longitude], there]),
      );
      for (const className of ["map-way-edge", "map-way"]) {
        this.addLayer(L.polyline(ways, { className, interactive: false }));
      }
    },

    addCamera(mark) {
      const face = element("span", "map-camera-face", "");
      const pin = element("span", "map-camera-pin", "");
      if (mark.bearing !== null) {
        pin.classList.add("map-camera-looks");
        pin.style.setProperty("--bearing", `${mark.bearing}deg`);
      }
      if (mark.pin) {
        pin.textContent = mark.pin;
        pin.classList.add("map-camera-numbered");
      }
      const label = element("span", "map-camera-label", mark.name);
      face.append(pin, label);
      const marker = L.marker([mark.latitude, mark.longitude], {
        icon: L.divIcon({
          className: `map-camera${mark.highlighted ? " map-camera-here" : ""}`,
          html: face,
          iconSize: [28, 28],
        }),
        zIndexOffset: mark.highlighted ? 1000 : 0,
        riseOnHover: true,
      }).bindPopup(this.about(mark));
      marker.on("popupopen", () => {
        const close = marker.getPopup().getElement().querySelector(".leaflet-popup-close-button");
        close.setAttribute("aria-label", this.given.words.close);
      });
      this.addLayer(marker);
      if (mark.highlighted) marker.getElement().setAttribute("aria-current", "true");
      this.cameras.push({ marker, label, mark });
    },

    about(mark) {
      const box = element("div", "map-about", "");
      box.append(element("strong", "", mark.name));
      box.append(element("div", "", `${mark.latitude.toFixed(5)}, ${mark.longitude.toFixed(5)}`));
      if (mark.bearing !== null) {
        box.append(element("div", "", `${this.given.words.looks} ${Math.round(mark.bearing)}°`));
      }
      mark.about.forEach((line) => box.append(element("div", "", line)));
      return box;
    },

    /* Puts as many names on the screen as fit, cameras first, then the largest places. */
    arrange() {
      if (!this._map) return;
      const room = new Room();
      this.placeCameraLabels(room);
      const zoom = this._map.getZoom();
      const least = SMALLEST_SHOWN.find(([below]) => zoom < below)?.[1] ?? 0;
      const view = this._map.getBounds();
      this.nameLayer.clearLayers();
      let count = 0;
      for (const name of this.named) {
        if (count >= MOST_NAMES) break;
        const spot = name.spot(view, zoom, least);
        if (!spot || !room.take(this.nameBox(spot, name.text))) continue;
        this.nameLayer.addLayer(nameMarker(spot, name));
        count += 1;
      }
    },

    placeCameraLabels(room) {
      const first = (camera) => (camera.mark.highlighted ? 0 : 1);
      const cameras = [...this.cameras].sort((a, b) => first(a) - first(b));
      const spots = cameras.map(({ marker }) => this._map.latLngToContainerPoint(marker.getLatLng()));
      const reach = ({ mark }) => (mark.pin ? 24 : 12); // half the width of a pin
      spots.forEach(({ x, y }, index) => {
        const half = reach(cameras[index]);
        room.keep({ left: x - half, right: x + half, top: y - 12, bottom: y + 12 });
      });
      cameras.forEach((camera, index) => {
        const { label } = camera;
        const { x, y } = spots[index];
        const beside = reach(camera) + 2;
        const width = label.offsetWidth || 80;
        const sides = {
          right: { left: x + beside, right: x + beside + 4 + width, top: y - 12, bottom: y + 12 },
          left: { left: x - beside - 4 - width, right: x - beside, top: y - 12, bottom: y + 12 },
          above: { left: x - width / 2, right: x + width / 2, top: y - 38, bottom: y - 14 },
          below: { left: x - width / 2, right: x + width / 2, top: y + 14, bottom: y + 38 },
        };
        const { x: across } = this._map.getSize();
        const side = Object.keys(sides).find(
          (key) => sides[key].left >= 0 && sides[key].right <= across && room.take(sides[key]),
        );
        label.dataset.side = side ?? "none";
      });
    },

    nameBox(spot, text) {
      const { x, y } = this._map.latLngToContainerPoint(spot);
      const half = text.length * 3.6 + 6;
      return { left: x - half, right: x + half, top: y - 10, bottom: y + 18 };
    },
  });

  function nameMarker(spot, name) {
    return L.marker(spot, {
      pane: "morina-names",
      interactive: false,
      keyboard: false,
      icon: L.divIcon({
        className: `map-name map-name-${name.kind}`,
        html: element("span", "", name.text),
        iconSize: null,
      }),
    });
  }

  function asCountry({ geometry, properties }) {
    const at = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
    return {
      kind: "country",
      text: properties.sign,
      spot: (view, zoom) => (zoom < 10 && view.contains(at) ? at : null),
    };
  }

  function asPlace({ geometry, properties }) {
    const at = L.latLng(geometry.coordinates[1], geometry.coordinates[0]);
    return {
      kind: properties.population >= 50000 ? "city" : "place",
      text: properties.name,
      spot: (view, zoom, least) => (properties.population >= least && view.contains(at) ? at : null),
    };
  }

  function asRivers({ geometry, properties }) {
    const lines = geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates;
    if (!properties.name) return [];
    const points = lines
      .reduce((longest, line) => (line.length > longest.length ? line : longest))
      .map(([longitude, latitude]) => L.latLng(latitude, longitude));
    const spot = (view, zoom) => {
      const inView = zoom < 9 ? [] : points.filter((point) => view.contains(point));
      return inView[Math.floor(inView.length / 2)] ?? null;
    };
    return [{ kind: "river", text: properties.name, spot }];
  }

  L.morina = (options) => new Morina(options);
})();
