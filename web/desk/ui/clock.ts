import { useEffect, useState } from "react";

const floor = (every: number) => Math.floor(Date.now() / every) * every;

/** The time in steps of so many milliseconds: all who count in the same steps show the same time. */
export function useNow(every: number): number {
  const [now, setNow] = useState(() => floor(every));
  useEffect(() => {
    const timer = setTimeout(() => setNow(floor(every)), now + every - Date.now());
    return () => clearTimeout(timer);
  }, [now, every]);
  return now;
}
