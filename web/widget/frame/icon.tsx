const shapes = {
  close: "M6 6l12 12M18 6L6 18",
  menu: "M5 12h.01M12 12h.01M19 12h.01",
  send: "M4 12l16-8-6 16-3-7z",
  attach: "M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.5a1.7 1.7 0 0 1-2.5-2.5L14.5 7.5",
  good: "M7 11v9H4v-9zM7 11l4-7a2 2 0 0 1 2.5 2.5L13 10h5a2 2 0 0 1 2 2.3l-1 6A2 2 0 0 1 17 20H7",
  bad: "M7 13V4H4v9zM7 13l4 7a2 2 0 0 0 2.5-2.5L13 14h5a2 2 0 0 0 2-2.3l-1-6A2 2 0 0 0 17 4H7",
  star: "M12 3l2.7 5.8 6.3.8-4.6 4.4 1.2 6.3L12 17.2 6.4 20.3l1.2-6.3L3 9.6l6.3-.8z",
};

export function Icon({ name }: { name: keyof typeof shapes }) {
  return <svg className={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true"><path d={shapes[name]} /></svg>;
}
