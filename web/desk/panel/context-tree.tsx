/** The context document as it is: nothing in it is markup, whatever a client or bot wrote there. */
export function ContextTree({ value, masked, path = "" }: { value: Record<string, unknown>; masked: string[]; path?: string }) {
  return (
    <dl className="context-tree">
      {Object.entries(value).map(([key, inner]) => {
        const place = path ? `${path}.${key}` : key;
        const nested = typeof inner === "object" && inner !== null;
        return (
          <div key={key} className={nested ? "nested" : ""}>
            <dt>{key}</dt>
            <dd>{nested ? <ContextTree value={inner as Record<string, unknown>} masked={masked} path={place} /> : <span className={masked.includes(place) ? "masked" : `kind-${typeof inner}`}>{String(inner)}</span>}</dd>
          </div>
        );
      })}
    </dl>
  );
}
