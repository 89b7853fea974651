/** People on the map: they glide from one reported position to the next and stand still in between. */
import { drawPerson, inksOf, type Inks, type PersonSign } from "./brush";
import type { Ground } from "./ground";
import { calm, Overlay } from "./overlay";
import type { Point } from "../api/types";
import type { Theme } from "../ui/theme";

export interface Person { id: number; name: string; point: Point; at: string; sign: PersonSign }
interface Track { from: Point; to: Point; started: number; lasts: number; stamp: string }

const LONGEST_GLIDE_MS = 8_000;
const CROWD = 120; // from so many on, seen from afar, people are drawn at half their size
const NEAR_ZOOM = 15;
const FAR_ZOOM = 13; // below, signs at full size would hide the whole place
const FAR_DEGREES = 0.02; // a jump, not a movement: shown at once

export class PeopleLayer extends Overlay {
  private people: readonly Person[] = [];
  private readonly tracks = new Map<number, Track>();
  private inks: Inks = inksOf("light");
  private drawn: { x: number; y: number; person: Person }[] = [];

  constructor(ground: Ground) {
    super(ground, "people");
  }

  show(people: readonly Person[], theme: Theme): void {
    this.inks = inksOf(theme);
    this.people = people;
    const now = performance.now();
    for (const person of people) this.aim(person, now);
    const there = new Set(people.map((person) => person.id));
    for (const id of this.tracks.keys()) if (!there.has(id)) this.tracks.delete(id);
    this.invalidate();
  }

  hit(x: number, y: number): Person | null {
    return this.drawn.findLast((it) => Math.hypot(it.x - x, it.y - y) <= 14 * this.size)?.person ?? null;
  }

  private aim(person: Person, now: number): void {
    const before = this.tracks.get(person.id);
    if (before && before.stamp === person.at) return;
    const from = before ? glided(before, now) : person.point;
    const jump = Math.hypot(from.lon - person.point.lon, from.lat - person.point.lat) > FAR_DEGREES;
    const gap = before ? Date.parse(person.at) - Date.parse(before.stamp) : 0;
    const lasts = jump || document.hidden || calm() ? 0 : Math.min(LONGEST_GLIDE_MS, Math.max(0, gap));
    this.tracks.set(person.id, { from: jump ? person.point : from, to: person.point, started: now, lasts, stamp: person.at });
  }

  protected draw(ctx: CanvasRenderingContext2D, at: number): boolean {
    this.drawn = [];
    let moving = false;
    const size = this.map.getSize();
    const zoom = this.map.getZoom();
    const scale = zoom < FAR_ZOOM || (this.people.length > CROWD && zoom < NEAR_ZOOM) ? 0.5 * this.size : this.size;
    for (const person of this.people) {
      const track = this.tracks.get(person.id);
      if (!track) continue;
      moving ||= at - track.started < track.lasts;
      const { x, y } = this.pixel(glided(track, at));
      if (x < -30 || y < -30 || x > size.x + 30 || y > size.y + 30) continue;
      ctx.save();
      ctx.translate(x, y);
      ctx.scale(scale, scale);
      drawPerson(ctx, person.sign, this.inks);
      ctx.restore();
      this.drawn.push({ x, y, person });
    }
    return moving;
  }
}

/** Where somebody on a track is at a moment of the page's clock. */
export function glided(track: Pick<Track, "from" | "to" | "started" | "lasts">, at: number): Point {
  const f = track.lasts <= 0 ? 1 : Math.min(1, Math.max(0, (at - track.started) / track.lasts));
  return { lon: track.from.lon + (track.to.lon - track.from.lon) * f, lat: track.from.lat + (track.to.lat - track.from.lat) * f };
}
