import { Component, Suspense, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { useWords } from "../words/words.tsx";

/**
 * A part of the page whose code comes when it is opened. When it cannot be
 * loaded, or fails, the rest of the page stays. Browsers remember for the life
 * of a page that a script could not be loaded, so only a new page tries again.
 */
export class Deferred extends Component<{ waiting: ReactNode; place: "empty" | "notices"; children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (this.state.broken) return <Broken place={this.props.place} />;
    return <Suspense fallback={this.props.waiting}>{this.props.children}</Suspense>;
  }
}

function Broken({ place }: { place: string }) {
  const { t } = useWords();
  return (
    <div className={place} role="alert">
      <p className="notice notice-error">{t("part_failed")} <Button className="button small" onPress={() => location.reload()}>{t("reload")}</Button></p>
    </div>
  );
}
