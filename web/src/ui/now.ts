/** The server's clock, ticking on the page: deadlines must not depend on a wrong clock of the computer at hand. */
import { ref } from "vue";

let offset = 0;

/** Milliseconds of the server's clock, renewed every second. */
export const now = ref(Date.now());

export function setClock(server: string): void {
  offset = Date.parse(server) - Date.now();
  tick();
}

export const serverNow = () => Date.now() + offset;

function tick(): void {
  now.value = serverNow();
}

globalThis.setInterval?.(tick, 1000);
