"""What the page to send around draws with, and how it looks. `SCRIPT` is a template of branca."""

SCRIPT = """
{% macro script(this, kwargs) %}
(function (map, data) {
  function text() {
    var box = document.createElement("div");
    Array.prototype.forEach.call(arguments, function (line) {
      var row = document.createElement("div");
      row.textContent = line;
      box.appendChild(row);
    });
    return box;
  }
  function drawn(collection, style) {
    L.geoJSON(collection, { interactive: false, style: function () { return style; } }).addTo(map);
  }
  function half(p) {
    if (p.p50 !== null) { return "P50 " + data.words.min.replace("{n}", (p.p50 / 60).toFixed(1)); }
    return p.buildings ? data.words.band4 : "";
  }
  function told(p) {
    var people = data.words.people + ": " + Math.round(p.reached_people) + " / " + Math.round(p.people);
    return text(data.words.cell + " " + p.code, people, half(p), p.nearest || "");
  }
  map.attributionControl.addAttribution(text(data.attribution).firstChild.innerHTML);
  drawn(data.water, { stroke: false, fillColor: "#cfe0ea", fillOpacity: 1 });
  var cells = L.geoJSON(data.cells, {
    style: function (cell) {
      var band = cell.properties.band;
      var fill = { fillOpacity: band === null ? 0 : 0.28, fillColor: data.colours[band] };
      return Object.assign({ color: "#5b6472", weight: 0.7 }, fill);
    },
    onEachFeature: function (cell, layer) { layer.bindTooltip(told(cell.properties), { sticky: true }); }
  }).addTo(map);
  var bounds = cells.getBounds();
  if (bounds.isValid()) { map.fitBounds(bounds, { padding: [10, 10] }); }
  drawn(data.streets, { color: "#ffffff", weight: 1.2, opacity: 0.9 });
  drawn(data.roads, { color: "#ffffff", weight: 3, opacity: 0.95 });
  function size(late) { return (late ? 1 : 0) + Math.max(1.2, Math.min(5, (map.getZoom() - 9) / 1.6)); }
  var houses = data.buildings.map(function (b) {
    var late = b[2] > 2, colour = data.colours[b[2]];
    var way = { radius: size(late), interactive: false, dashArray: b[2] > 3 ? "2 2" : null };
    var look = late ? { color: colour, weight: 1.5, fillOpacity: 0 } : { color: "#333", weight: 0.4, fillOpacity: 0.9 };
    return L.circleMarker([b[1], b[0]], Object.assign(way, look, { fillColor: colour })).addTo(map);
  });
  map.on("zoomend", function () {
    houses.forEach(function (house, i) { house.setRadius(size(data.buildings[i][2] > 2)); });
  });
  data.sources.features.forEach(function (source) {
    var at = source.geometry.coordinates;
    var look = { radius: 8, weight: 3, color: "#ffffff", fillOpacity: 1 };
    look.fillColor = source.properties.stranded ? "#5b6472" : "#c81e3a";
    L.circleMarker([at[1], at[0]], look).bindTooltip(text(source.properties.label)).addTo(map);
  });
})({{ this._parent.get_name() }}, {{ this.data | tojson }});
{% endmacro %}
"""

STYLE = """
:root {
  font: 13px/1.4 system-ui, "PingFang SC", "Noto Sans CJK SC", "Noto Sans CJK TC", "Microsoft YaHei", sans-serif;
  color: #1b2430;
}
html, body { height: 100%; margin: 0; }
body { display: flex; }
.folium-map { position: relative !important; flex: 1; height: 100% !important; width: auto !important; }
.folium-map { background: #f2f1ee !important; }
.folium-map .leaflet-tooltip { font-size: 12px; }
#coverage { order: 2; width: 360px; box-sizing: border-box; padding: 16px; overflow-y: auto; background: #fff; }
#coverage h1 { font-size: 17px; margin: 0 0 4px; }
#coverage h2 { font-size: 13px; margin: 16px 0 4px; }
#coverage p { margin: 4px 0; }
#coverage h2 + p, #coverage table + p { margin-top: 12px; }
#coverage .figures { display: flex; gap: 12px; margin: 12px 0; }
#coverage .figures div { flex: 1; }
#coverage .figures b { display: block; font-size: 20px; white-space: nowrap; font-variant-numeric: tabular-nums; }
#coverage .warning { border-left: 4px solid #d97706; padding: 4px 8px; background: #fff7e8; }
#coverage ul { list-style: none; margin: 0; padding: 0; }
#coverage li { display: flex; align-items: center; gap: 8px; font-variant-numeric: tabular-nums; }
#coverage li i { width: 12px; height: 12px; border-radius: 50%; box-sizing: border-box; border: 1px solid #333; }
#coverage li i.hollow { background: none !important; border-width: 2px; }
#coverage li i.dashed { border-style: dashed; }
#coverage li span { margin-left: auto; }
#coverage table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
#coverage th, #coverage td { text-align: left; padding: 2px 8px 2px 0; border-bottom: 1px solid #e4e6e9; }
#coverage th.n, #coverage td.n { text-align: right; }
#coverage small { color: #5b6472; display: block; margin-top: 12px; }
@media (max-width: 720px) { body { flex-direction: column; } #coverage { width: 100%; max-height: 50%; } }
@media print { #coverage { overflow: visible; } }
"""
