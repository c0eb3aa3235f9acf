/* An area or a strip drawn on the desk's map by whoever looks at it. What is drawn is the text of a field of the page,
 * "latitude longitude; latitude longitude": typing there draws as well, and needs no mouse. */
(() => {
  const DIGITS = 5; // of a degree: about a metre
  const EQUATOR_M = 40075016.686;

  function spotsOf(text) {
    const parts = text.split(";").map((part) => part.trim()).filter(Boolean);
    const spots = parts.map((part) => part.split(/[\s,]+/).map(Number));
    const fit = ([latitude, longitude, ...more]) =>
      Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 && more.length === 0;
    return spots.every(fit) ? spots : null;
  }

  function textOf(spots) {
    return spots.map((spot) => spot.map((n) => n.toFixed(DIGITS)).join(" ")).join("; ");
  }

  function metresPerPixel(map, latitude) {
    return (EQUATOR_M * Math.cos((latitude * Math.PI) / 180)) / 2 ** (map.getZoom() + 8);
  }

  const named = (name) => (name ? document.querySelector(`[name="${name}"]`) : null);

  const Drawing = L.LayerGroup.extend({
    initialize({ field, within, words }) {
      L.LayerGroup.prototype.initialize.call(this);
      this.words = words;
      this.name = field;
      this.field = named(field);
      this.within = named(within);
      this.spots = [];
      const look = (className) => ({ className, interactive: false });
      this.shape = within ? L.polyline([], look("map-strip")) : L.polygon([], look("map-area"));
      this.middle = L.polyline([], look("map-strip-middle"));
      this.corners = L.layerGroup();
      [this.shape, this.middle, this.corners].forEach((layer) => this.addLayer(layer));
    },

    onAdd(map) {
      L.LayerGroup.prototype.onAdd.call(this, map);
      const container = map.getContainer();
      container.classList.add("map-draws");
      map.doubleClickZoom.disable();
      map.on("click", ({ latlng }) => this.put(latlng));
      map.on("zoomend", this.outline, this);
      container.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.target !== container) return;
        event.preventDefault();
        this.put(map.getCenter());
      });
      this.listen();
      this.read();
    },

    listen() {
      this.field.addEventListener("input", () => this.read());
      this.within?.addEventListener("input", () => this.outline());
      for (const control of document.querySelectorAll(`[data-draws="${this.name}"]`)) {
        const left = control.dataset.takes === "last" ? -1 : 0;
        control.addEventListener("click", () => this.set(this.spots.slice(0, left)));
      }
    },

    put({ lat, lng }) {
      this.set([...this.spots, [lat, lng]]);
    },

    takeOut(index) {
      this.set(this.spots.filter((_, other) => other !== index));
      this._map.getContainer().focus();
    },

    /* New spots by mouse or key: into the field, which tells everybody who listens. */
    set(spots) {
      this.spots = spots;
      this.field.value = textOf(spots);
      this.field.dispatchEvent(new Event("input", { bubbles: true }));
    },

    read() {
      const spots = spotsOf(this.field.value);
      if (!spots) return; // half typed: what is drawn stays
      this.spots = spots;
      this.draw();
    },

    draw() {
      this.outline();
      this.corners.clearLayers();
      this.spots.forEach((spot, index) => this.corners.addLayer(this.corner(spot, index)));
    },

    outline() {
      this.shape.setLatLngs(this.spots);
      this.middle.setLatLngs(this.within ? this.spots : []);
      if (!this.within || !this.spots.length) return;
      const across = 2 * Math.max(Number(this.within.value) || 0, 0);
      this.shape.setStyle({ weight: across / metresPerPixel(this._map, this.spots[0][0]) });
    },

    corner(spot, index) {
      const name = this.words.corner.replace("{n}", index + 1);
      const corner = L.marker(spot, {
        icon: L.divIcon({ className: "map-corner", iconSize: [20, 20] }),
        draggable: true,
        title: name,
        alt: name,
        zIndexOffset: 2000,
      });
      corner.on("drag", ({ latlng }) => {
        this.spots[index] = [latlng.lat, latlng.lng];
        this.outline();
      });
      corner.on("dragend", () => this.set(this.spots));
      corner.on("click", () => this.takeOut(index));
      corner.on("keydown", ({ originalEvent }) => {
        if (["Delete", "Backspace"].includes(originalEvent.key)) this.takeOut(index);
      });
      return corner;
    },
  });

  L.morinaDrawing = (given) => new Drawing(given);
})();
