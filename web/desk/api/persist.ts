import { ApiError } from "./request.ts";

/** Pauses between tries, milliseconds; the last one repeats. */
const pauses = [500, 1000, 2000, 4000];

/**
 * Does something that may be done twice until it succeeds, is refused, or
 * nobody wants it any more: a line that breaks in between costs only time.
 */
export async function persist<A>(work: () => Promise<A>, wanted: () => boolean): Promise<A> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || !error.passing || !wanted()) throw error;
      await new Promise((go) => setTimeout(go, error.retryAfter ? error.retryAfter * 1000 : pauses[Math.min(tries, pauses.length - 1)]));
      if (!wanted()) throw error;
    }
  }
}
