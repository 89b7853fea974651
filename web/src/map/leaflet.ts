/** Leaflet, and the global name of it that protomaps-leaflet looks for. */
import L from "leaflet";
import "leaflet/dist/leaflet.css";

(globalThis as { L?: typeof L }).L = L;

export default L;
