/** Outlines on a grid of 24. */
const outlines = {
  inbox: "M3 13h5l2 3h4l2-3h5M5 5h14l2 8v6H3v-6z",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 21 21",
  chart: "M4 20h16M7 16v-5M12 16V6M17 16v-8",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M14 4v6M6 14v6",
  help: "M9 9a3 3 0 1 1 4 2.8c-.8.4-1 1-1 2.2M12 17.5v.5M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  bot: "M12 4v3M6 7h12a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V9a2 2 0 0 1 2-2zM9 12v1.5M15 12v1.5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6 8-6s8 2 8 6",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2 20c0-3.5 3-5.5 7-5.5s7 2 7 5.5M16 4.5a3.5 3.5 0 0 1 0 6M18 15c2.4.7 4 2.4 4 5",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  snooze: "M12 20a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM9.5 10.500h5l-5 5h5M3 6l3-3M21 6l-3-3",
  check: "M4 12.5 9.5 18 20 6.5",
  checks: "M1.5 13 6 17.5 15 7M10.5 16l1.5 1.500L22 7",
  undo: "M9 6 4 11l5 5M4 11h10a6 6 0 0 1 0 12",
  send: "M4 12 20 4l-5 16-3.5-6.500z",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5",
  file: "M20 11.5 12 19.500a5 5 0 0 1-7-7l8.5-8.500a3.4 3.4 0 0 1 5 5L10 17.500a1.700 1.700 0 0 1-2.5-2.500l7.5-7.5",
  close: "M6 6l12 12M18 6 6 18",
  back: "M15 5l-7 7 7 7",
  panel: "M4 5h16v14H4zM14.5 5v14",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  transfer: "M4 8h14l-4-4M20 16H6l4 4",
  filter: "M4 6h16M7 12h10M10 18h4",
  sort: "M8 5v14M8 19l-3-3M8 19l3-3M16 19V5M16 5l-3 3M16 5l3 3",
  star: "M12 4l2.5 5.200 5.700.8-4.100 4 1 5.700L12 17l-5.100 2.700 1-5.700-4.100-4 5.700-.8z",
  warning: "M12 4 2.5 20h19zM12 10v4.500M12 17v.5",
  edit: "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
  thumb: "M7 11v9H4v-9zM7 11l4-7c1.5 0 2.5 1 2.5 2.500L13 10h5.500c1.200 0 2 1 1.800 2.200l-1.100 6c-.2 1-1 1.800-2 1.800H7",
} as const;

export type IconName = keyof typeof outlines;

/** A picture that says nothing by itself: the name is in the text or the label beside it. */
export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  );
}
